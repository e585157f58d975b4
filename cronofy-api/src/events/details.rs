//! What an application says of an event, wherever it says it (`developers/api/events/upsert-event`).

use cronofy_auth_core::{Limit, Rule};
use cronofy_types::EmailAddress;
use serde::Serialize;

use super::recurrence::Recurrence;
use super::values::{ExtendedTransparency, Transparency};
use crate::time::{EventTime, Moment};
use crate::{AttachmentId, Tzid};

/// When an event is: in days or in instants, from its start to its end. Made of a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventSpan {
    /// When it starts.
    pub start: EventTime,
    /// When it ends; of an event of whole days, the day after its last.
    pub end: EventTime,
}

impl<S: Into<EventTime>, E: Into<EventTime>> From<(S, E)> for EventSpan {
    fn from((start, end): (S, E)) -> Self {
        Self { start: start.into(), end: end.into() }
    }
}

impl EventSpan {
    pub(crate) fn check(&self) -> Result<(), Limit> {
        for (parameter, time) in [("start", &self.start), ("end", &self.end)] {
            if matches!(time.moment, Moment::DateTime(time) if time.has_fraction()) {
                return Err(Limit { parameter, rule: Rule::WholeSeconds });
            }
        }
        Ok(())
    }
}

/// What is said of an event besides its time and its name.
///
/// Of an event that is there already, `url`, `conferencing` and `recurrence` stay as they are unless they are named;
/// nobody says so of the rest, so all of it should be given each time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventDetails {
    summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tzid: Option<Tzid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<Url>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reminders: Option<Vec<Reminder>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reminders_create_only: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transparency: Option<Transparency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extended_transparency: Option<ExtendedTransparency>,
    #[serde(skip_serializing_if = "Attendees::is_empty")]
    attendees: Attendees,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_private: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conferencing: Option<Conferencing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscriptions: Option<Vec<Subscription>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recurrence: Option<Recurrence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
}

/// The longest title, in characters.
const SUMMARY: usize = 1024;
/// The longest description, in characters.
const DESCRIPTION: usize = 4096;
/// How many reminders there may be.
const REMINDERS: usize = 5;

impl EventDetails {
    /// An event with this title, of at most 1024 characters.
    pub fn new(summary: impl Into<String>) -> Self {
        Self {
            summary: summary.into(),
            description: None,
            tzid: None,
            location: None,
            url: None,
            reminders: None,
            reminders_create_only: None,
            transparency: None,
            extended_transparency: None,
            attendees: Attendees::default(),
            color: None,
            event_private: None,
            conferencing: None,
            subscriptions: None,
            attachments: Vec::new(),
            recurrence: None,
            locale: None,
        }
    }

    /// Says more, in plain text of at most 4096 characters.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The zone to show times in that have none of their own.
    pub fn tzid(mut self, tzid: Tzid) -> Self {
        self.tzid = Some(tzid);
        self
    }

    /// Where it is.
    pub fn location(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// An absolute URL to go with it. Apple and Google alone keep one.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(Url::At(url.into()));
        self
    }

    /// Takes its URL away. Google cannot.
    pub fn without_url(mut self) -> Self {
        self.url = Some(Url::Nowhere);
        self
    }

    /// Reminds of it so many minutes before, after the reminders that were named already: the most important comes
    /// first, for some providers keep one. At most five.
    pub fn reminder(mut self, minutes: u32) -> Self {
        self.reminders.get_or_insert_default().push(Reminder { minutes });
        self
    }

    /// Reminds of it not at all, rather than as the provider would.
    pub fn without_reminders(mut self) -> Self {
        self.reminders = Some(Vec::new());
        self
    }

    /// Leaves the reminders alone if the event is there already.
    pub fn reminders_create_only(mut self) -> Self {
        self.reminders_create_only = Some(true);
        self
    }

    /// Whether it takes its time. Without it, an event of whole days does not, and any other does.
    pub fn transparency(mut self, transparency: Transparency) -> Self {
        self.transparency = Some(transparency);
        self
    }

    /// The same in more words, for providers that have them.
    pub fn extended_transparency(mut self, transparency: ExtendedTransparency) -> Self {
        self.extended_transparency = Some(transparency);
        self
    }

    /// Invites somebody. An application calendar cannot.
    pub fn invite(mut self, invitee: Invitee) -> Self {
        self.attendees.invite.push(invitee);
        self
    }

    /// Takes an invitation back.
    pub fn uninvite(mut self, invitee: Invitee) -> Self {
        self.attendees.remove.push(invitee);
        self
    }

    /// Its color, such as `#49BED8`. Providers without that color take the nearest, or none.
    pub fn color(mut self, color: impl Into<String>) -> Self {
        self.color = Some(color.into());
        self
    }

    /// Hides it from others, or shows it.
    pub fn private(mut self, private: bool) -> Self {
        self.event_private = Some(private);
        self
    }

    /// Its conference.
    pub fn conferencing(mut self, conferencing: Conferencing) -> Self {
        self.conferencing = Some(conferencing);
        self
    }

    /// Calls this URL when the event's conference is set up.
    pub fn when_conferencing_assigned(mut self, uri: impl Into<String>) -> Self {
        let interactions = [Interaction { kind: "conferencing_assigned" }];
        let subscription = Subscription { kind: "webhook", uri: uri.into(), interactions };
        self.subscriptions.get_or_insert_default().push(subscription);
        self
    }

    /// Takes all calls of URLs away.
    pub fn without_subscriptions(mut self) -> Self {
        self.subscriptions = Some(Vec::new());
        self
    }

    /// Attaches a file, where the calendar takes one.
    pub fn attachment(mut self, attachment: AttachmentId) -> Self {
        self.attachments.push(Attachment { attachment_id: attachment });
        self
    }

    /// Repeats it (alpha: `developers/api-alpha/recurring-events`).
    pub fn recurrence(mut self, recurrence: Recurrence) -> Self {
        self.recurrence = Some(recurrence);
        self
    }

    /// The language of texts that Cronofy adds, in two letters.
    pub fn locale(mut self, locale: impl Into<String>) -> Self {
        self.locale = Some(locale.into());
        self
    }

    pub(crate) fn check(&self) -> Result<(), Limit> {
        if self.summary.is_empty() {
            return Err(Limit { parameter: "summary", rule: Rule::NotEmpty });
        }
        Limit::characters("summary", &self.summary, SUMMARY)?;
        Limit::characters("description", self.description.as_deref().unwrap_or_default(), DESCRIPTION)?;
        Limit::items("reminders", self.reminders.as_deref().unwrap_or_default(), REMINDERS)?;
        match &self.color {
            Some(color) if !is_color(color) => Err(Limit { parameter: "color", rule: Rule::Color }),
            _ => Ok(()),
        }
    }

    /// For events to which Cronofy invites nobody.
    pub(crate) fn check_nobody_is_invited(&self) -> Result<(), Limit> {
        Limit::items("attendees", &self.attendees.invite, 0)?;
        Limit::items("attendees", &self.attendees.remove, 0)
    }
}

/// `#49BED8`.
pub(crate) fn is_color(text: &str) -> bool {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
    digits.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

/// Where an event is to be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lat: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    long: Option<String>,
}

impl Location {
    /// Nowhere yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// In words.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// In degrees, as decimal numbers: Cronofy takes them as text, so that none is rounded.
    pub fn at(mut self, latitude: impl Into<String>, longitude: impl Into<String>) -> Self {
        (self.lat, self.long) = (Some(latitude.into()), Some(longitude.into()));
        self
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Url {
    At(String),
    /// `null`, which takes it away.
    Nowhere,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Reminder {
    minutes: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
struct Attendees {
    invite: Vec<Invitee>,
    remove: Vec<Invitee>,
}

impl Attendees {
    fn is_empty(&self) -> bool {
        self.invite.is_empty() && self.remove.is_empty()
    }
}

/// Somebody who is to be invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Invitee {
    email: EmailAddress,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
}

impl Invitee {
    /// Somebody with this address.
    pub fn new(email: EmailAddress) -> Self {
        Self { email, display_name: None }
    }

    /// And this name.
    pub fn display_name(mut self, name: impl Into<String>) -> Self {
        self.display_name = Some(name.into());
        self
    }
}

/// The conference of an event (`developers/api/conferencing-services/create`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conferencing {
    profile_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    join_url: Option<String>,
}

impl Conferencing {
    /// By the calendar's own service if it has one, else by the user's default.
    pub fn default_service() -> Self {
        Self::profile("default")
    }

    /// By the calendar's own service. Accounts with free/busy access have none.
    pub fn integrated() -> Self {
        Self::profile("integrated")
    }

    /// By this conferencing profile of userinfo.
    pub fn profile(profile_id: impl Into<String>) -> Self {
        Self { profile_id: profile_id.into(), provider_description: None, join_url: None }
    }

    /// One that was set up elsewhere.
    pub fn explicit(provider_description: impl Into<String>, join_url: impl Into<String>) -> Self {
        let (provider_description, join_url) = (Some(provider_description.into()), Some(join_url.into()));
        Self { provider_description, join_url, ..Self::profile("explicit") }
    }

    /// None.
    pub fn none() -> Self {
        Self::profile("none")
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Subscription {
    #[serde(rename = "type")]
    kind: &'static str,
    uri: String,
    interactions: [Interaction; 1],
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Interaction {
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Attachment {
    attachment_id: AttachmentId,
}
