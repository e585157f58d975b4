//! Invitations and bookable events, and what the sandbox understood of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use bytes::Bytes;
use cronofy_api::bookable_events::{
    BookableEventStatus, CreateBookableEvent, ReadBookableEvent, RegistrationStatus, RemoveRegistration,
    UpsertRegistration,
};
use cronofy_api::core::types::{CallbackUrl, ClientSecret, CustomBase, DataCenter, Timestamp, Verified};
use cronofy_api::core::{Body, Endpoint, Error, Outgoing, RefusalKind, drive_blocking, read_json};
use cronofy_api::credential::ApiKey;
use cronofy_api::events::{EventDetails, Location};
use cronofy_api::smart_invites::{
    CancelSmartInvite, InviteReply, InviteStatus, ReadSmartInvite, Recipient, RemoveSmartInviteRecipient,
    SmartInvite, SmartInviteCallback, UpsertSmartInvite,
};
use cronofy_api::time::DateTime;
use cronofy_api::{BookableEventId, RegistrationId, SmartInviteId, Tzid};
use cronofy_sandbox::{BlockingSandbox, CallbackKind, Sandbox};
use cronofy_transport_ureq::UreqTransport;
use cronofy_types::EmailAddress;
use proptest::prelude::*;
use serde_json::{Value, json};

struct Stage {
    transport: UreqTransport,
    data_center: DataCenter,
    key: ApiKey,
    sandbox: BlockingSandbox,
}

impl Stage {
    fn open() -> Self {
        let sandbox = Sandbox::start_blocking().unwrap();
        let base = CustomBase::new(sandbox.api_url(), sandbox.app_url()).unwrap();
        let data_center = DataCenter::Custom(base);
        let key = ApiKey::new(data_center.clone(), ClientSecret::new(sandbox.client_secret()).unwrap());
        Self { transport: UreqTransport::new().unwrap(), data_center, key, sandbox }
    }

    fn call<E: Endpoint>(&self, call: E) -> E::Output {
        drive_blocking(&self.transport, call.call()).unwrap()
    }

    fn refusal<E: Endpoint>(&self, call: E) -> RefusalKind
    where
        E::Output: core::fmt::Debug,
    {
        let error = drive_blocking(&self.transport, call.call()).unwrap_err();
        error.flow().and_then(Error::refusal).unwrap().kind()
    }

    /// Has somebody answer.
    fn reply(&self, body: Value) -> Option<String> {
        self.call(Reply(self.data_center.clone(), body))
    }
}

static STAGE: LazyLock<Stage> = LazyLock::new(Stage::open);

/// A call of the sandbox's own, of which the answer is the name of the callback.
struct Reply(DataCenter, Value);

impl Endpoint for Reply {
    type Output = Option<String>;

    const REPEATABLE: bool = false;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        Outgoing::post(&self.0, "/_sandbox/smart_invites/reply").json(&self.1)
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Option<String>, Error> {
        let answer: Value = read_json("answer", &response, now)?;
        Ok(answer["callback"].as_str().map(str::to_owned))
    }
}

fn email(name: &str) -> EmailAddress {
    EmailAddress::new(format!("{name}@orchard.example")).unwrap()
}

/// A time in 2031.
fn at(minute: i64) -> DateTime {
    let first: Timestamp = "2031-01-01T00:00:00Z".parse().unwrap();
    Timestamp::from_unix_seconds(first.unix_seconds() + minute * 60).into()
}

fn statuses(invite: &SmartInvite) -> Vec<&str> {
    invite.recipients.iter().map(|recipient| recipient.status.as_ref().unwrap().as_str()).collect()
}

#[test]
fn an_invite_goes_its_way() {
    let stage = Stage::open();
    let id = || SmartInviteId::new("visit/1").unwrap();
    let ask = |recipients: [Recipient; 2]| {
        let details = EventDetails::new("Check-up");
        UpsertSmartInvite::to_many(&stage.key, id(), recipients, (at(0), at(40)), details)
    };
    let asked = ask([Recipient::new(email("rui")).status(InviteStatus::Accepted), email("ana").into()]);
    // Nobody listens there, which is the sandbox's business.
    let url = CallbackUrl::new("http://127.0.0.1:9/invites").unwrap();
    let made = stage.call(asked.callback_url(url));
    assert_eq!(statuses(&made), ["accepted", "pending"]);
    assert!(
        made.icalendar().unwrap().starts_with("BEGIN:VCALENDAR\r\n") && made.extra.is_empty(),
        "{made:?}"
    );

    let said = json!({ "smart_invite_id": "visit/1", "recipient_email": "ana@orchard.example",
        "status": "declined", "comment": "At noon?", "proposal": { "start": "2031-07-04T12:00:00Z",
        "end": "2031-07-04T13:00:00Z", "tzid": "Europe/Paris" } });
    let name = stage.reply(said).unwrap();
    let callbacks = stage.sandbox.callbacks();
    let told = callbacks.iter().find(|callback| callback.id == name).unwrap();
    assert_eq!(told.kind, CallbackKind::SmartInvite);
    let body = told.body.to_string();
    let told = SmartInviteCallback::parse(&Verified::vouched_for_elsewhere(body.as_bytes())).unwrap();
    let reply = told.smart_invite.reply.as_ref().unwrap();
    assert_eq!((reply.email.clone(), reply.comment.as_deref()), (Some(email("ana")), Some("At noon?")));
    let start = reply.proposal.as_ref().unwrap().start.as_ref().unwrap();
    assert_eq!(start.date_time().unwrap().to_string(), "2031-07-04T14:00:00+02:00");
    assert!(told.smart_invite.extra.is_empty() && told.beside.is_empty(), "{told:?}");

    let read = stage.call(ReadSmartInvite::to_many(&stage.key, id()));
    assert_eq!((&read.replies, statuses(&read)), (&vec![reply.clone()], vec!["accepted", "declined"]));
    let left = stage.call(RemoveSmartInviteRecipient::new(&stage.key, id(), email("rui")));
    assert_eq!(statuses(&left), ["declined"]);
    let cancelled = stage.call(CancelSmartInvite::to_many(&stage.key, id(), [email("ana")]));
    assert!(cancelled.icalendar().unwrap().contains("METHOD:CANCEL\r\n"));
    let elsewhere = ReadSmartInvite::new(&stage.key, id(), email("ana"));
    assert_eq!(stage.refusal(elsewhere), RefusalKind::NotFound);
}

fn few() -> ProptestConfig {
    ProptestConfig { cases: 24, ..ProptestConfig::default() }
}

prop_compose! {
    fn text()(text in "[ -~àß\u{1f355}]{0,19}[a-z]") -> String {
        text
    }
}

proptest! {
    #![proptest_config(few())]

    /// What is read is what was sent, however often it changes.
    #[test]
    fn an_invite_is_understood(
        name in text(),
        who in "[a-z+]{1,9}",
        versions in prop::collection::vec((text(), prop::option::of(text()), prop::option::of(text()), 0..99_999_i64), 1..3),
    ) {
        let id = SmartInviteId::new(name).unwrap();
        for (summary, description, place, start) in versions {
            let lisbon: Tzid = "Europe/Lisbon".parse().unwrap();
            let mut details = EventDetails::new(summary.as_str()).tzid(lisbon.clone());
            if let Some(description) = &description {
                details = details.description(description);
            }
            if let Some(place) = &place {
                details = details.location(Location::new().description(place));
            }
            let span = (at(start), at(start + 30));
            let upsert = UpsertSmartInvite::new(&STAGE.key, id.clone(), email(&who), span, details);
            let made = STAGE.call(upsert.organizer("Dr. \"Pais\""));
            prop_assert_eq!(&made.smart_invite_id, &id);
            let mut read = STAGE.call(ReadSmartInvite::new(&STAGE.key, id.clone(), email(&who)));
            prop_assert!(read.replies.is_empty() && read.attachments.is_none());
            read.attachments.clone_from(&made.attachments);
            prop_assert_eq!(&read, &made);
            let asked: InviteReply =
                serde_json::from_value(json!({ "email": email(&who), "status": "pending" })).unwrap();
            prop_assert_eq!(read.recipient, Some(asked));
            let event = read.event.unwrap();
            prop_assert_eq!((event.summary, event.description), (Some(summary), description));
            prop_assert_eq!(event.location.and_then(|location| location.description), place);
            for (time, expected) in [(event.start, at(start)), (event.end, at(start + 30))] {
                let time = time.unwrap();
                prop_assert_eq!(time.date_time(), Some(&expected));
                prop_assert_eq!(time.tzid, Some(lisbon.clone()));
            }
        }
    }

    /// Whatever is registered and removed, the event says so.
    #[test]
    fn a_bookable_event_is_understood(
        name in "[a-zA-Z0-9_-]{1,9}",
        capacity in 6..=256_u16,
        cancelled: bool,
        steps in prop::collection::vec((0..6_u8, prop::option::of((text(), text())), any::<bool>()), 0..9),
    ) {
        let id = BookableEventId::new(name).unwrap();
        let create = CreateBookableEvent::new(&STAGE.key, id.clone(), (at(0), at(90)), capacity);
        let made = STAGE.call(if cancelled { create.cancelled() } else { create });
        let status = if cancelled { BookableEventStatus::Cancelled } else { BookableEventStatus::Confirmed };
        prop_assert_eq!((made.status, made.start, made.end), (Some(status), Some(at(0)), Some(at(90))));
        prop_assert_eq!(made.registration.capacity, Some(u64::from(capacity)));
        // The same name may have been an event before.
        for registration in made.registration.registrations {
            STAGE.call(RemoveRegistration::new(&STAGE.key, id.clone(), registration.registration_id));
        }
        let mut coming = BTreeMap::new();
        for (seat, said, removes) in steps {
            let seat = RegistrationId::new(format!("seat_{seat}")).unwrap();
            if removes && coming.remove(&seat).is_some() {
                STAGE.call(RemoveRegistration::new(&STAGE.key, id.clone(), seat));
                continue;
            }
            let status = RegistrationStatus::Tentative;
            let mut upsert = UpsertRegistration::new(&STAGE.key, id.clone(), seat.clone(), status);
            if let Some((key, value)) = &said {
                upsert = upsert.metadata(key, value);
            }
            STAGE.call(upsert);
            let before = coming.remove(&seat).flatten();
            coming.insert(seat, said.or(before));
        }
        let read = STAGE.call(ReadBookableEvent::new(&STAGE.key, id)).registration;
        prop_assert_eq!(read.registered_count, Some(coming.len() as u64));
        let there = read.registrations.into_iter().filter(|one| one.status == Some(RegistrationStatus::Tentative));
        let there: BTreeMap<_, _> = there
            .map(|one| (one.registration_id, one.metadata.iter().next().map(|(key, value)| (key.clone(), value.clone()))))
            .collect();
        let coming: BTreeMap<_, _> = coming
            .into_iter()
            .map(|(seat, said)| (seat, said.map(|(key, value)| (key, json!(value)))))
            .collect();
        prop_assert_eq!(there, coming);
    }
}
