//! actix-web 4.

use core::pin::Pin;

use actix_web::body::{BodyStream, to_bytes_limited};
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LENGTH, ContentType, HeaderValue};
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError, dev, web};
use bytes::Bytes;

use super::{Rejection, VerifiedBody, in_time};
use crate::candidates::Candidates;
use crate::{SIGNATURE_HEADER, Verifier};

impl FromRequest for VerifiedBody {
    type Error = Rejection;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Rejection>>>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let ready = prepare(request);
        let payload = payload.take();
        Box::pin(async move {
            let (verifier, candidates) = ready?;
            let limits = verifier.limits;
            let body = in_time(limits.body_timeout, read(payload, limits.body_limit)).await?;
            verifier.own(body, &candidates)
        })
    }
}

impl ResponseError for Rejection {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status_code()).content_type(ContentType::plaintext()).body(self.message())
    }
}

/// All that can be refused before the body is read.
fn prepare(request: &HttpRequest) -> Result<(Verifier, Candidates), Rejection> {
    let shared = || request.app_data::<web::Data<Verifier>>().map(web::Data::get_ref);
    let verifier = request.app_data::<Verifier>().or_else(shared).ok_or(Rejection::NotConfigured)?;
    let mut candidates = Candidates::new();
    candidates.read(request.headers().get_all(SIGNATURE_HEADER).map(HeaderValue::as_bytes))?;
    let length = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let limit = verifier.limits.body_limit;
    if length.is_some_and(|length: usize| length > limit) {
        return Err(Rejection::TooLarge { limit });
    }
    Ok((verifier.clone(), candidates))
}

/// Reads the payload as it came: the extractors of actix-web would undo a `Content-Encoding`, and go by
/// limits of the application's.
async fn read(payload: dev::Payload, limit: usize) -> Result<Bytes, Rejection> {
    match to_bytes_limited(BodyStream::new(payload), limit).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => Err(Rejection::BrokenOff),
        Err(_) => Err(Rejection::TooLarge { limit }),
    }
}
