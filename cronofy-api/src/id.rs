//! Identifiers that only these calls know, and the name of a time zone.

use cronofy_types::plain_id;

plain_id!(
    /// An application's own name for an event that it made; unique in its calendar
    /// (`developers/calendars-events/editing-events`).
    EventId,
    "event id"
);
plain_id!(
    /// Cronofy's name for any event, such as `evt_external_64f0c3aa91bd0e0012ab34cd`
    /// (`developers/calendars-events/editing-events`).
    EventUid,
    "event uid"
);
plain_id!(
    /// A file that events refer to.
    AttachmentId,
    "attachment id"
);
plain_id!(
    /// An application's own name for a period in which an account can be booked
    /// (`developers/api/scheduling/available-periods/upsert`).
    AvailablePeriodId,
    "available period id"
);
plain_id!(
    /// An application's own name for the weekly hours of an account (`developers/api/scheduling/availability-rules`).
    AvailabilityRuleId,
    "availability rule id"
);
plain_id!(
    /// An application's own name for an event that others register for (`developers/api/scheduling/bookable-events`).
    BookableEventId,
    "bookable event id"
);
plain_id!(
    /// An application's own name for a registration to a bookable event.
    RegistrationId,
    "registration id"
);
plain_id!(
    /// A page on which somebody picks a time, `sch_…` (`developers/api/scheduling/real-time-scheduling`).
    SchedulingLinkId,
    "real-time scheduling id"
);
plain_id!(
    /// The last part of the URL of a page on which somebody picks a time
    /// (`developers/api/scheduling/real-time-scheduling/status`).
    SchedulingToken,
    "scheduling token"
);
plain_id!(
    /// A page on which somebody picks times for a sequence, `seq_…` (`developers/api/scheduling/real-time-sequencing`).
    SequencingLinkId,
    "real-time sequencing id"
);
plain_id!(
    /// A conversation in which people agree on a time, `scv_…`
    /// (`developers/api-alpha/scheduling-conversations/read`).
    SchedulingConversationId,
    "scheduling conversation id"
);
plain_id!(
    /// An application's own name for somebody in a conversation
    /// (`developers/api-alpha/scheduling-conversations/create`).
    ParticipantId,
    "participant id"
);
plain_id!(
    /// A request that people pick a time, `srq_…` (`developers/api/scheduling-requests/query`).
    SchedulingRequestId,
    "scheduling request id"
);
plain_id!(
    /// A rule by which an organizational unit selects a host, `sel_…` (`developers/api/scheduling-requests/create`).
    SelectionRuleId,
    "selection rule id"
);
plain_id!(
    /// A time that can be selected, `slt_…` (`developers/api-alpha/scheduling-conversations/list-slots`).
    SlotId,
    "slot id"
);
plain_id!(
    /// An application's own name for one event of a sequence
    /// (`developers/api/scheduling/sequenced-availability`).
    SequenceId,
    "sequence id"
);
plain_id!(
    /// An application's own name for an invitation (`developers/api/smart-invites`).
    SmartInviteId,
    "smart invite id"
);
plain_id!(
    /// The name of a time zone, such as `Europe/Lisbon`, from the IANA database. Whether there is such a zone is for
    /// Cronofy to say: the database grows.
    Tzid,
    "tzid"
);

impl Tzid {
    /// `Etc/UTC`.
    pub fn utc() -> Self {
        Self("Etc/UTC".into())
    }
}
