#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod id;
mod object;
mod piece;
mod raw;
mod selection;
mod text;

pub mod application;
pub mod availability;
pub mod batch;
pub mod bookable_events;
pub mod calendars;
pub mod channels;
pub mod credential;
pub mod events;
pub mod free_busy;
pub mod identity;
pub mod organization;
pub mod scheduling;
pub mod smart_invites;
pub mod time;

pub use cronofy_auth_core as core;
pub use id::{
    AttachmentId, AvailabilityRuleId, AvailablePeriodId, BookableEventId, EventId, EventUid, ParticipantId,
    RegistrationId, SchedulingConversationId, SchedulingLinkId, SchedulingRequestId, SchedulingToken,
    SelectionRuleId, SequenceId, SequencingLinkId, SlotId, SmartInviteId, Tzid,
};
pub use raw::Raw;
pub use text::{Str, Unshown};
