//! Writes of any kind, for lists of them.

use cronofy_auth_core::Error;
use cronofy_types::Userinfo;

use super::entries::Entries;
use super::parts::{PartsIn, PartsOut};
use crate::availability::{DeleteAvailablePeriods, UpsertAvailablePeriod};
use crate::events::{DeleteEvent, DeleteExternalEvent, EditExternalEvent, UpsertEvent};

macro_rules! writes {
    ($( $(#[$doc:meta])* $call:ident $answered:expr, )+) => {
        /// Any call that can stand in a batch, where the order or the number of them is not known before.
        ///
        /// Of those that answer nothing, the answer is `None`.
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub enum Write {
            $( $(#[$doc])* $call($call), )+
        }

        $(
            impl From<$call> for Write {
                fn from(call: $call) -> Self {
                    Self::$call(call)
                }
            }
        )+

        impl Entries for Write {
            type Answers = Result<Option<Userinfo>, Error>;

            const REPEATABLE: bool = $(<$call as Entries>::REPEATABLE)&&+;

            fn write<'a>(&'a self, parts: &mut PartsOut<'a>) -> Result<(), Error> {
                match self {
                    $(Self::$call(call) => Entries::write(call, parts),)+
                }
            }

            fn read(&mut self, parts: &mut PartsIn) -> Self::Answers {
                match self {
                    $(Self::$call(call) => Entries::read(call, parts).map($answered),)+
                }
            }
        }
    };
}

writes! {
    /// Makes or changes an event.
    UpsertEvent core::convert::identity,
    /// Changes an event that somebody else made.
    EditExternalEvent core::convert::identity,
    /// Deletes an event.
    DeleteEvent core::convert::identity,
    /// Deletes an event that somebody else made.
    DeleteExternalEvent |()| None,
    /// Makes or changes a period in which an account can be booked.
    UpsertAvailablePeriod |()| None,
    /// Deletes one such period, or all.
    DeleteAvailablePeriods |()| None,
}
