//! `POST /v1/attachments`.
//!
//! Hands Cronofy a file that events can refer to, by [`EventDetails::attachment`](super::EventDetails::attachment),
//! where their calendar takes files. Known from Cronofy's own clients alone: nobody says how large it may be or how long
//! it is kept. What may be subscribed to with it nobody says either, so that is left out.

use core::fmt::{self, Write as _};

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

use crate::AttachmentId;
use crate::credential::{ApiKey, Caller, Sealed};
use crate::object::object;

/// Hands over a file.
#[derive(Debug, Clone)]
pub struct CreateAttachment {
    caller: Caller,
    file_name: String,
    content_type: String,
    content: Content,
}

impl CreateAttachment {
    /// Hands over a file of this name and media type, such as `application/pdf`.
    pub fn new(
        key: &ApiKey,
        file_name: impl Into<String>,
        content_type: impl Into<String>,
        content: impl Into<Bytes>,
    ) -> Self {
        Self {
            caller: key.into_caller(),
            file_name: file_name.into(),
            content_type: content_type.into(),
            content: Content(content.into()),
        }
    }
}

object! {
    /// A file that Cronofy has.
    pub struct Attachment {
        /// By which events refer to it.
        attachment_id: AttachmentId,
        /// Its name.
        file_name: Option<String> = text,
        /// Its media type.
        content_type: Option<String> = text,
        /// The MD5 of what is in it, in hexadecimal digits.
        md5: Option<String> = text,
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    attachment: AttachmentBody<'a>,
}

#[derive(Serialize)]
struct AttachmentBody<'a> {
    file_name: &'a str,
    content_type: &'a str,
    base64_content: &'a Content,
}

impl Endpoint for CreateAttachment {
    type Output = Attachment;

    // The second time there are two of them.
    const REPEATABLE: bool = false;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let Self { caller, file_name, content_type, content } = self;
        let attachment = AttachmentBody { file_name, content_type, base64_content: content };
        caller.post("/v1/attachments").json(&RequestBody { attachment })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Attachment, Error> {
        #[derive(Deserialize)]
        struct ResponseBody {
            attachment: Attachment,
        }

        read_json("attachment", &response, now).map(|body: ResponseBody| body.attachment)
    }
}

/// What is in a file, in base64 wherever it is written (RFC 4648 section 4).
#[derive(Clone)]
struct Content(Bytes);

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} bytes]", self.0.len())
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64(&self.0))
    }
}

struct Base64<'a>(&'a [u8]);

impl fmt::Display for Base64<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: [u8; 64] = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for three in self.0.chunks(3) {
            let bits =
                three.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
            for place in 0..4 {
                let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
                f.write_char(if place <= three.len() { char::from(digit) } else { '=' })?;
            }
        }
        Ok(())
    }
}
