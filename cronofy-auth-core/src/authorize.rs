//! Sending a user, or an administrator, to Cronofy's page, and reading what the browser brings back.
//!
//! No HTTP happens here: a URL goes out, and a [`PendingAuthorization`] is kept until the browser returns.
//!
//! ```text
//!  IndividualConnect --+
//!  BusinessConnect   --+-- authorize() --> Authorization { url, pending }
//!  EnterpriseConnect --+                                     |
//!  OrganizationConnect +                      Redirect ------+-- resume() --> Resumed::Granted(TokenExchange)
//!                                                                        \--> Resumed::Denied(Denial)
//! ```
//!
//! ```
//! use cronofy_auth_core::App;
//! use cronofy_auth_core::authorize::{EnterpriseConnect, PendingAuthorization, Resumed};
//! use cronofy_auth_core::types::{
//!     ClientId, ClientSecret, DataCenter, Redirect, RedirectUri, Scope, Scopes, State, Timestamp,
//! };
//!
//! let app = App::new(ClientId::new("id")?, ClientSecret::new("CRN_example")?, DataCenter::Uk);
//! let now = Timestamp::from_unix_seconds(1_930_385_700);
//! let state = State::new("from-a-secure-random-source")?;
//!
//! let connect = EnterpriseConnect::new(
//!     RedirectUri::new("https://app.example/callback")?,
//!     Scopes::from([Scope::ServiceAccountAccountsManage]),
//!     Scopes::from([Scope::ReadWrite]),
//! )?;
//! let authorization = connect.authorize(&app, state, now);
//! assert!(authorization.url.starts_with("https://app-uk.cronofy.com/enterprise_connect/oauth/authorize?"));
//!
//! let redirect = Redirect::from_url("/callback?error=access_denied&state=from-a-secure-random-source")?;
//! let Resumed::Denied(denial) = authorization.pending.resume(&redirect, &app, now)? else { unreachable!() };
//! assert_eq!(denial.to_string(), "the authorization was denied: access_denied");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod modes;
mod pending;
mod url;

pub use modes::{
    Authorization, AuthorizeError, BusinessConnect, EnterpriseConnect, IndividualConnect, OrganizationConnect,
};
pub use pending::{ConnectMode, NotResumed, PendingAuthorization, ResumeError, Resumed};
