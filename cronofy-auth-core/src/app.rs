//! The application that asks.

use core::fmt;
use std::sync::Arc;

use cronofy_types::{ClientId, ClientSecret, DataCenter};

/// An application: its credentials, and the data center that it lives in.
///
/// Cheap to clone and to share between threads.
///
/// ```
/// use cronofy_auth_core::App;
/// use cronofy_auth_core::types::{ClientId, ClientSecret, DataCenter};
///
/// let app = App::new(ClientId::new("id")?, ClientSecret::new("CRN_example")?, DataCenter::De);
/// assert_eq!(app.data_center().api_origin(), "https://api-de.cronofy.com");
/// # Ok::<(), cronofy_auth_core::types::InvalidValue>(())
/// ```
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    client_id: ClientId,
    client_secret: ClientSecret,
    data_center: DataCenter,
}

impl App {
    /// An application with the secret that it sends. Where a secret is being rotated, this is the new one; a
    /// `Verifier` of callbacks takes both.
    pub fn new(client_id: ClientId, client_secret: ClientSecret, data_center: DataCenter) -> Self {
        Self(Arc::new(Inner { client_id, client_secret, data_center }))
    }

    /// Its name.
    pub fn client_id(&self) -> &ClientId {
        &self.0.client_id
    }

    /// Its secret.
    pub fn client_secret(&self) -> &ClientSecret {
        &self.0.client_secret
    }

    /// Where it lives.
    pub fn data_center(&self) -> &DataCenter {
        &self.0.data_center
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("client_id", &self.0.client_id)
            .field("client_secret", &self.0.client_secret)
            .field("data_center", &self.0.data_center)
            .finish()
    }
}
