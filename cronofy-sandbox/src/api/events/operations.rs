//! How it is known that Cronofy treats events like this.

use crate::ledger::{Operation, documented, guessed, observed};

pub(crate) const READ: Operation = Operation {
    name: "GET /v1/events",
    rules: &[
        documented("It needs `read_events`, by name or in another scope", "api/events/read-events"),
        documented("`tzid` is required", "api/events/read-events"),
        documented(
            "`from` is 42 days ago and `to` 201 days ahead unless they are sent",
            "api/events/read-events",
        ),
        documented("Listed is what starts before `to` and ends on or after `from`", "api/events/read-events"),
        documented(
            "With neither `from` nor `to`, what the application wrote itself is listed wherever it lies",
            "api/events/read-events",
        ),
        guessed(
            "Beyond these defaults nothing of others is known, whatever `from` and `to` are",
            "the page speaks of a minimum, and names no error",
        ),
        documented(
            "What the application wrote itself is left out unless `include_managed` or `only_managed` is true",
            "api/events/read-events",
        ),
        documented(
            "`include_deleted` lists what was deleted, too; `deleted` tells it apart",
            "api/events/read-events",
        ),
        guessed("The `status` of a deleted event is `cancelled`", "of the known values none else fits"),
        documented("`last_modified` lists what was changed then or later", "api/events/read-events"),
        documented(
            "`include_moved` lists what ever lay in the window, where it lies now",
            "api/events/read-events",
        ),
        observed("`localized_times` has times with offset and zone", "Cronofy .NET 1.12"),
        guessed(
            "That zone is the event's own, or the `tzid` of the query where it has none",
            "zones are said to be as good as the provider's",
        ),
        observed("`google_event_ids` adds `google_event_id`", "Cronofy .NET 1.12"),
        guessed("`lat` and `long` come with `include_geo` only, on every plan", "here every plan is taken"),
        documented(
            "Only what the application wrote itself has `event_id`",
            "calendars-events/editing-events",
        ),
        documented(
            "`options` says what the application may do with an event",
            "api/events/read-events; api/events/edit-external-events",
        ),
        observed(
            "A series is one row for each time, with `recurring` and a common `series_identifier`",
            "Cronofy .NET 1.12",
        ),
        guessed(
            "The first time of a series of the application has `event_id` and `recurrence`, later ones `series_master`",
            "an independent service that imitates this API does so",
        ),
        guessed(
            "Later times have an `event_uid` of their own",
            "a client that stores rows by it would lose all but one",
        ),
        guessed(
            "A series of the application is listed within the default window only",
            "one without an end has to end somewhere",
        ),
        guessed(
            "Calendars that are seen as free/busy only are left out",
            "nothing that a row could show is known of their events",
        ),
        guessed("`meeting_url` is the link of `conferencing`", "no other links are looked for"),
        guessed("Unknown `calendar_ids[]` select nothing", "the page names no error for them"),
        guessed("More than 25000 rows are refused with 422 on `to`", "work for one call has to be bounded"),
    ],
};

pub(crate) const READ_PAGE: Operation = Operation {
    name: "GET /v1/events/pages/{page_id}",
    rules: &[
        documented("The page at `next_page`", "api/events/read-events"),
        guessed(
            "It is read with the scope and, for a unit, the impersonation of the first page",
            "what was needed once is needed again",
        ),
    ],
};

pub(crate) const UPSERT: Operation = Operation {
    name: "POST /v1/calendars/{calendar_id}/events",
    rules: &[
        documented("The answer is 202 without a body", "api/events/upsert-event"),
        documented("`include_userinfo` puts `userinfo` into it", "api/events/delete-event"),
        documented("An `event_id` creates an event once, and then changes it", "api/events/upsert-event"),
        documented(
            "`event_id` or `event_uid`, `summary`, `start` and `end` are required; of the first two `event_id` wins",
            "api/events/upsert-event; calendars-events/editing-events",
        ),
        documented(
            "A missing field is described as `summary must be specified`",
            "api/batch, whose example shows it",
        ),
        documented("`summary` has at most 1024 characters, `description` 4096", "api/events/upsert-event"),
        guessed(
            "Limits have the keys `errors.too_long` and `errors.too_many`",
            "no witness shows a key for them",
        ),
        documented(
            "An `event_uid` changes an event of others, where the calendar is unrestricted and `options.update` true",
            "api/events/edit-external-events",
        ),
        guessed("403 where it may not, 404 where there is no such event", "the meanings of these statuses"),
        documented(
            "What was deleted cannot be written again by `event_uid`",
            "api/events/edit-external-events",
        ),
        guessed(
            "An `event_id` that was deleted can be, and keeps its `event_uid`",
            "an upsert is repeatable, and the identity of an event follows from its name",
        ),
        guessed(
            "The same event again changes nothing, its `updated` included",
            "a client that repeats a call after a time-out expects no effect",
        ),
        guessed("A read-only calendar is 403, a deleted one 404", "the meanings of these statuses"),
        observed("423 where the profile is disconnected", "cronofy-ruby 0.41, `AccountLockedError`"),
        observed("`start` and `end` are text, or objects with `time` and `tzid`", "Cronofy .NET 1.12"),
        guessed(
            "The `tzid` inside `start` wins over the one beside it, and is that of the end, too",
            "the nearer one is the more exact one",
        ),
        guessed(
            "`end` must be after `start`, and of the same kind: `errors.invalid_time_pair`",
            "an independent service that imitates this API has this key",
        ),
        documented(
            "All-day events are `transparent`, others `opaque`, unless they say otherwise",
            "api/events/upsert-event",
        ),
        observed("`lat` and `long` are text", "cronofy-ruby 0.41, Cronofy .NET 1.12 and cronofy-php 1.7"),
        documented("There are at most 5 reminders, in the order of importance", "api/events/upsert-event"),
        observed(
            "`attendees.remove` takes people off, and so does `attendees.reject`",
            "Cronofy .NET 1.12 sends the one, cronofy-ruby 0.41 and cronofy-php 1.7 show the other",
        ),
        documented("Application calendars take no attendees", "api/calendars/application-calendars"),
        guessed(
            "Attendees are not written to, except in free/busy mode",
            "mail between invented people would have nobody to read it",
        ),
        documented(
            "Omitted `url`, `conferencing` and `recurrence` stay as they are; `null` takes `url` away",
            "api/events/upsert-event; api/conferencing-services/create; api-alpha/recurring-events",
        ),
        guessed(
            "Omitted `description` and `location` are emptied; what else is omitted stays",
            "clients send the text of an event whole, and people as differences",
        ),
        documented(
            "`conferencing.profile_id` is `default`, `explicit`, `integrated` or that of a conferencing profile",
            "api/conferencing-services/create",
        ),
        guessed(
            "`none` takes conferencing away; `integrated` where there is none is \
             `errors.integrated_conferencing_not_available`",
            "an independent service that imitates this API does so",
        ),
        documented("No link is made for what starts in the past", "api/conferencing-services/create"),
        guessed(
            "An integrated link is there at once, below a domain that does not exist",
            "there is no provider to wait for",
        ),
        guessed("Templates of conferencing stay as they are", "a test can compare what it wrote"),
        documented(
            "`recurrence.rules` takes one rule of `frequency`, `interval`, `by_day` and `until`; none ends it",
            "api-alpha/recurring-events",
        ),
        observed("A rule takes `count`", "cronofy-php 1.7"),
        guessed(
            "Keys about rules, such as `errors.max_recurrence_rules_exceeded`",
            "an independent service that imitates this API uses these words",
        ),
        guessed("`count` is at most 1000", "work for one call has to be bounded"),
        guessed(
            "A day that a month lacks is left out, and the time of day stays that of the event's zone",
            "RFC 5545, section 3.3.10, and what people expect of meetings",
        ),
        guessed(
            "`subscriptions` are kept and never called back",
            "no page shows the body of such a callback",
        ),
        guessed(
            "`attachments` are files of the application, at most ten, where the calendar says \
             `calendar_attachments_available`",
            "what that member is for",
        ),
        guessed(
            "`attachments`, `color`, `url`, `reminders`, `locale` and `event_classes` are kept, and shown by no call",
            "no page shows them in a row",
        ),
        documented(
            "In a calendar that Cronofy hosts for a person the event becomes an invitation by mail, and so do updates",
            "authorization/access-modes; Free/Busy Access guide",
        ),
        guessed(
            "Its `participation_status` is what the person answered; other times ask again",
            "a meeting that was moved was not agreed to",
        ),
        guessed(
            "A copy that the person accepted follows every update at once, and stays while they are asked again",
            "mail programs apply updates to what they hold",
        ),
        documented("The application is not notified of what it wrote", "api/events/delete-external-event"),
        guessed(
            "A calendar holds 5000 events, 500 of them series; an event has 64 KiB and 200 attendees; years are 1 to 9998",
            "memory and work have to be bounded",
        ),
    ],
};

pub(crate) const DELETE: Operation = Operation {
    name: "DELETE /v1/calendars/{calendar_id}/events",
    rules: &[
        documented("The answer is 202 without a body", "api/events/delete-event"),
        documented("`include_userinfo` puts `userinfo` into it", "api/events/delete-event"),
        documented(
            "`event_id` names an event of the application, `event_uid` one of others",
            "api/events/delete-event; api/events/delete-external-event",
        ),
        documented(
            "An `event_uid` needs an unrestricted calendar and `options.delete`",
            "api/events/delete-external-event",
        ),
        guessed("403 where it may not, 404 where there is no such event", "the meanings of these statuses"),
        guessed(
            "202 for an `event_id` that is not there, and for what was deleted before",
            "a call that is repeated must not fail for having worked",
        ),
        observed(
            "The parameters are a JSON body",
            "node cronofy 3.8.4, pycronofy 2.0.7, cronofy-ruby 0.41, Cronofy .NET 1.12",
        ),
        observed("423 where the profile is disconnected", "cronofy-ruby 0.41, `AccountLockedError`"),
        guessed(
            "A person who was invited gets a mail, and a copy that they accepted goes at once",
            "mail programs apply cancellations to what they hold",
        ),
        documented("The application is not notified of what it deleted", "api/events/delete-external-event"),
    ],
};

pub(crate) const BULK_DELETE: Operation = Operation {
    name: "DELETE /v1/events",
    rules: &[
        documented("The answer is 202", "api/events/bulk-delete-events"),
        documented(
            "Either `delete_all`, which is true, or `calendar_ids`, of which there is one at least",
            "api/events/bulk-delete-events",
        ),
        documented("Only events of the application are deleted", "api/events/bulk-delete-events"),
        observed("The parameters can be in the query", "pycronofy 2.0.7"),
        guessed(
            "An unknown calendar is 404, a disconnected profile with events 423, and nothing is deleted then",
            "half of a deletion could not be told in one status",
        ),
    ],
};
