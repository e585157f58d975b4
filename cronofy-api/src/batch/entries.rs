//! What can stand in a batch, and what comes of it.

use cronofy_auth_core::{Endpoint, Error};

use super::parts::{PartsIn, PartsOut};
use crate::credential::Caller;

/// A call that can stand in a batch (`developers/api/batch`).
#[diagnostic::on_unimplemented(message = "`{Self}` cannot stand in a batch")]
pub trait Entry: Endpoint + SealedEntry {}

/// What the batch has to know of a call.
pub trait SealedEntry {
    #[doc(hidden)]
    fn caller(&self) -> &Caller;
}

/// Makes entries of calls. Stands beside the call, because it looks into it.
macro_rules! entry {
    ($call:ident) => {
        impl $crate::batch::SealedEntry for $call {
            fn caller(&self) -> &$crate::credential::Caller {
                &self.caller
            }
        }

        impl $crate::batch::Entry for $call {}
    };
}

pub(crate) use entry;

/// Calls that are sent together: one, a [`Write`](super::Write), a list of such, or a tuple of any of them.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot stand in a batch")]
pub trait Entries {
    /// What comes of them, in the same form: of a call its own answer, or why it failed.
    type Answers;

    #[doc(hidden)]
    const REPEATABLE: bool;

    #[doc(hidden)]
    fn write<'a>(&'a self, parts: &mut PartsOut<'a>) -> Result<(), Error>;

    #[doc(hidden)]
    fn read(&mut self, parts: &mut PartsIn) -> Self::Answers;
}

impl<E: Entry> Entries for E {
    type Answers = Result<E::Output, Error>;

    const REPEATABLE: bool = <E as Endpoint>::REPEATABLE;

    fn write<'a>(&'a self, parts: &mut PartsOut<'a>) -> Result<(), Error> {
        parts.push(self.caller(), &self.request()?)
    }

    fn read(&mut self, parts: &mut PartsIn) -> Self::Answers {
        let now = parts.now();
        parts.next().and_then(|response| Endpoint::read(self, response, now))
    }
}

impl<E: Entries> Entries for Vec<E> {
    type Answers = Vec<E::Answers>;

    const REPEATABLE: bool = E::REPEATABLE;

    fn write<'a>(&'a self, parts: &mut PartsOut<'a>) -> Result<(), Error> {
        self.iter().try_for_each(|entry| entry.write(parts))
    }

    fn read(&mut self, parts: &mut PartsIn) -> Self::Answers {
        self.iter_mut().map(|entry| entry.read(parts)).collect()
    }
}

macro_rules! tuple {
    ($($entries:ident $place:tt),+) => {
        impl<$($entries: Entries),+> Entries for ($($entries,)+) {
            type Answers = ($($entries::Answers,)+);

            const REPEATABLE: bool = $($entries::REPEATABLE)&&+;

            fn write<'a>(&'a self, parts: &mut PartsOut<'a>) -> Result<(), Error> {
                $(self.$place.write(parts)?;)+
                Ok(())
            }

            fn read(&mut self, parts: &mut PartsIn) -> Self::Answers {
                ($(self.$place.read(parts),)+)
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
