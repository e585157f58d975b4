//! The kinds of credentials.

use cronofy_auth_core::App;
use cronofy_types::{AccessToken, ClientSecret, DataCenter, Sub};

use super::Caller;

macro_rules! credential {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name(pub(super) Caller);

        impl $name {
            /// Where it is valid.
            pub fn data_center(&self) -> &DataCenter {
                self.0.data_center()
            }
        }
    };
}

credential!(
    /// The access token of one account: a person's, a resource's, or an application calendar's
    /// (`developers/api/authentication`).
    UserToken
);
credential!(
    /// The access token of a service account (`developers/api/enterprise-connect`).
    ServiceAccountToken
);
credential!(
    /// An organizational unit: its access token, or the client secret of its internal application
    /// (`developers/application-management/organizational-unit-authorization`).
    OrganizationalUnit
);
credential!(
    /// A member of an organizational unit, for whom the unit acts: `Cronofy-Impersonate` goes with every request.
    Impersonation
);
credential!(
    /// The client secret as a bearer, which Cronofy calls API key (`developers/api/authentication`).
    ApiKey
);
credential!(
    /// The key of the admin API, with which an organization makes applications.
    AdminKey
);

impl UserToken {
    /// The token of an account, with the data center that issued it.
    pub fn new(data_center: DataCenter, token: AccessToken) -> Self {
        Self(Caller::with_token(data_center, token))
    }
}

impl ServiceAccountToken {
    /// The token of a service account, with the data center that issued it.
    pub fn new(data_center: DataCenter, token: AccessToken) -> Self {
        Self(Caller::with_token(data_center, token))
    }
}

impl OrganizationalUnit {
    /// The unit whose token it is (Organization Connect).
    pub fn new(data_center: DataCenter, token: AccessToken) -> Self {
        Self(Caller::with_token(data_center, token))
    }

    /// The unit whose internal application has this secret
    /// (`developers/application-management/internal-applications`).
    pub fn internal_application(data_center: DataCenter, client_secret: ClientSecret) -> Self {
        Self(Caller::with_key(data_center, client_secret))
    }

    /// Acts for this member of the unit.
    pub fn impersonating(&self, member: Sub) -> Impersonation {
        Impersonation(Caller { impersonate: Some(member), ..self.0.clone() })
    }
}

impl ApiKey {
    /// A client secret, with the data center of its application.
    pub fn new(data_center: DataCenter, client_secret: ClientSecret) -> Self {
        Self(Caller::with_key(data_center, client_secret))
    }
}

impl From<&App> for ApiKey {
    fn from(app: &App) -> Self {
        Self::new(app.data_center().clone(), app.client_secret().clone())
    }
}

impl AdminKey {
    /// A key of the admin API, with the data center of its organization.
    pub fn new(data_center: DataCenter, key: ClientSecret) -> Self {
        Self(Caller::with_key(data_center, key))
    }
}
