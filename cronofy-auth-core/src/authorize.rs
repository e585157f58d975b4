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

mod modes;
mod pending;
mod url;

pub use modes::{
    Authorization, AuthorizeError, BusinessConnect, ConnectMode, EnterpriseConnect, IndividualConnect,
    OrganizationConnect,
};
pub use pending::{NotResumed, PendingAuthorization, ResumeError, Resumed};
