//! Which credentials a call can be built with. One trait for each answer that the documentation gives; where it names
//! a single kind, a call takes that type and no trait.

use super::Caller;
use super::kinds::{AdminKey, ApiKey, Impersonation, OrganizationalUnit, ServiceAccountToken, UserToken};

mod sealed {
    use super::Caller;

    /// What every credential amounts to. Nobody else can have one.
    pub trait Sealed {
        #[doc(hidden)]
        fn into_caller(self) -> Caller;
    }
}

pub(crate) use sealed::Sealed;

macro_rules! every {
    ($($kind:ident)+) => {
        $(
            impl Sealed for $kind {
                fn into_caller(self) -> Caller {
                    self.0
                }
            }

            impl Sealed for &$kind {
                fn into_caller(self) -> Caller {
                    self.0.clone()
                }
            }
        )+
    };
}

every!(UserToken ServiceAccountToken OrganizationalUnit Impersonation ApiKey AdminKey);

macro_rules! role {
    ($(#[$doc:meta])* $role:ident: $what:literal = $($kind:ident)+) => {
        $(#[$doc])*
        #[diagnostic::on_unimplemented(message = "`{Self}` is no credential of this call", label = $what)]
        pub trait $role: Sealed {}

        $(
            impl $role for $kind {}
            impl $role for &$kind {}
        )+
    };
}

role!(
    /// One account: its token, or an organizational unit that acts for it.
    ForAccount: "takes a `UserToken` or an `Impersonation`" = UserToken Impersonation
);
role!(
    /// Anybody that a token can stand for.
    ForSubject: "takes a `UserToken`, a `ServiceAccountToken` or an `Impersonation`" =
        UserToken ServiceAccountToken Impersonation
);
role!(
    /// An account, or the service account through which others are reached.
    ForAccountOrServiceAccount: "takes a `UserToken` or a `ServiceAccountToken`" = UserToken ServiceAccountToken
);
role!(
    /// The application itself, or one account: the older way, which Cronofy still takes.
    ForAccountOrApplication: "takes an `ApiKey`, a `UserToken` or an `Impersonation`" =
        ApiKey UserToken Impersonation
);
role!(
    /// An organizational unit, for itself or for a member.
    ForUnitOrMember: "takes an `OrganizationalUnit` or an `Impersonation`" = OrganizationalUnit Impersonation
);
