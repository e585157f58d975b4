"""Events: written, read in pages, changed, deleted."""
from pycronofy.batch import BatchBuilder
from pycronofy.exceptions import PyCronofyPartialSuccessError, PyCronofyValidationError

from sandbox import Case, connect, control, day, iso, primary


def visit(number, **options):
    event = {
        "event_id": f"visit-{number}",
        "summary": f"Visit {number}",
        "description": "First visit.",
        "start": day(2, 9),
        "end": day(2, 10),
        "tzid": "Etc/UTC",
    }
    return {**event, **options}


class Events(Case):
    def setUp(self):
        super().setUp()
        self.cronofy = connect("sam@postbox.example")
        self.calendar_id = primary(self.cronofy)

    def managed(self, **options):
        return self.cronofy.read_events(only_managed=True, **options).all()

    def ids(self, **options):
        return [event["event_id"] for event in self.managed(**options)]

    def named(self, summary):
        return next(event for event in self.cronofy.read_events() if event["summary"] == summary)

    def write(self, count):
        for number in range(count):
            self.cronofy.upsert_event(self.calendar_id, visit(number))

    def test_upsert_event(self):
        """upsert_event: written, and read as it was written"""
        self.cronofy.upsert_event(self.calendar_id, visit(1, location={"description": "Room 2"}))
        (event,) = self.managed()
        self.assertEqual(event["calendar_id"], self.calendar_id)
        self.assertEqual(event["event_id"], "visit-1")
        self.assertEqual(event["summary"], "Visit 1")
        self.assertEqual(event["start"], iso(day(2, 9)))
        self.assertEqual(event["location"]["description"], "Room 2")

    def test_upsert_event_again(self):
        """upsert_event: the same event_id again changes the event"""
        self.cronofy.upsert_event(self.calendar_id, visit(1))
        (before,) = self.managed()
        self.cronofy.upsert_event(self.calendar_id, visit(1, summary="Later", end=day(2, 11)))
        (after,) = self.managed()
        self.assertEqual(after["event_uid"], before["event_uid"])
        self.assertEqual((after["summary"], after["end"]), ("Later", iso(day(2, 11))))

    def test_upsert_event_spellings(self):
        """upsert_event: every spelling of a time that the client lets through"""
        start = day(2, 9).strftime("%Y-%m-%dT%H:%M:%S")
        for number, spelling in enumerate([start + "Z", start + "UTC", start + "+00:00", {"time": day(2, 9), "tzid": "Etc/UTC"}]):
            event = visit(number, start=spelling)
            self.cronofy.validate("upsert_event", self.calendar_id, visit(number))
            self.cronofy.upsert_event(self.calendar_id, event)
        self.assertEqual({event["start"] for event in self.managed()}, {start + "Z"})

    def test_upsert_event_all_day(self):
        """upsert_event: a whole day"""
        self.cronofy.upsert_event(self.calendar_id, visit(1, start=day(2).date(), end=day(3).date()))
        (event,) = self.managed()
        self.assertEqual((event["start"], event["end"]), (str(day(2).date()), str(day(3).date())))

    def test_read_events(self):
        """read_events: everything, or without what the application wrote"""
        self.cronofy.upsert_event(self.calendar_id, visit(1))
        everything = [event.get("event_id") for event in self.cronofy.read_events()]
        self.assertEqual(everything.count("visit-1"), 1)
        others = [event.get("event_id") for event in self.cronofy.read_events(include_managed=False)]
        self.assertEqual(others, [None] * (len(everything) - 1))

    def test_read_events_options(self):
        """read_events: a window, a calendar and local times"""
        self.cronofy.upsert_event(self.calendar_id, visit(1))
        self.cronofy.upsert_event(self.calendar_id, visit(2, start=day(4, 9), end=day(4, 10)))
        window = {"from_date": day(2).date(), "to_date": day(3).date()}
        (event,) = self.managed(calendar_ids=(self.calendar_id,), localized_times=True, **window)
        self.assertEqual(event["start"], {"time": day(2, 9).strftime("%Y-%m-%dT%H:%M:%S+00:00"), "tzid": "Etc/UTC"})

    def test_read_events_changed(self):
        """read_events: what changed since a moment, deleted ones among it"""
        self.cronofy.upsert_event(self.calendar_id, visit(1))
        (event,) = self.managed()
        self.cronofy.delete_event(self.calendar_id, "visit-1")
        changed = self.managed(last_modified=event["updated"], include_deleted=True)
        self.assertIn(("visit-1", True), [(event["event_id"], event["deleted"]) for event in changed])
        self.assertEqual(self.managed(last_modified=day(1), include_deleted=True), [])

    def test_read_events_pages(self):
        """read_events: iterated over several pages, each event once"""
        self.write(120)
        pages = self.cronofy.read_events(only_managed=True)
        self.assertGreater(pages.total, 1)
        self.assertEqual(sorted(event["event_id"] for event in pages), sorted(f"visit-{number}" for number in range(120)))
        self.assertEqual(pages.current, pages.total)

    def test_read_events_pages_by_hand(self):
        """read_events: page by page, where the client is told not to go on by itself"""
        self.write(120)
        pages = self.cronofy.read_events(only_managed=True, automatic_pagination=False)
        first = [event["event_id"] for event in pages]
        pages.fetch_next_page()
        self.assertEqual(pages.current, 2)
        self.assertFalse(set(first) & {event["event_id"] for event in pages.current_page()})

    def test_read_free_busy_pages(self):
        """read_free_busy: several pages, with what the application wrote"""
        self.write(120)
        pages = self.cronofy.read_free_busy((self.calendar_id,))
        self.assertGreater(pages.total, 1)
        visits = [entry for entry in pages if entry["start"] == iso(day(2, 9))]
        self.assertGreaterEqual(len(visits), 120)

    def test_delete_event(self):
        """delete_event: gone"""
        self.cronofy.upsert_event(self.calendar_id, visit(1))
        self.cronofy.upsert_event(self.calendar_id, visit(2))
        self.cronofy.delete_event(self.calendar_id, "visit-1")
        self.assertEqual(self.ids(), ["visit-2"])

    def test_delete_all_events(self):
        """delete_all_events: of a calendar, and of all, which the client says in the query"""
        self.cronofy.upsert_event(self.calendar_id, visit(1))
        self.cronofy.delete_all_events((self.calendar_id,))
        self.assertEqual(self.ids(), [])
        self.cronofy.upsert_event(self.calendar_id, visit(2))
        self.cronofy.delete_all_events()
        self.assertEqual(self.ids(), [])

    def test_change_participation_status(self):
        """change_participation_status: an invitation, accepted"""
        invitation = {
            "summary": "Lunch",
            "start": iso(day(2, 12)),
            "end": iso(day(2, 13)),
            "organizer": {"email": "kit@webmail.example"},
            "attendees": [{"email": "sam@postbox.example"}],
            "participation": "needs_action",
        }
        control("POST", "/users/sam@postbox.example/events", invitation)
        cronofy = connect("sam@postbox.example", scope="read_events change_participation_status")
        lunch = self.named("Lunch")
        self.assertEqual(lunch["participation_status"], "needs_action")
        cronofy.change_participation_status(self.calendar_id, lunch["event_uid"], "accepted")
        self.assertEqual(self.named("Lunch")["participation_status"], "accepted")

    def test_batch(self):
        """batch: written and deleted at once"""
        self.cronofy.upsert_event(self.calendar_id, visit(1))
        builder = BatchBuilder().upsert_event(self.calendar_id, visit(2)).delete_event(self.calendar_id, "visit-1")
        answer = self.cronofy.batch(builder)
        self.assertEqual([entry.status() for entry in answer.entries], [202, 202])
        self.assertEqual(self.ids(), ["visit-2"])

    def test_batch_in_part(self):
        """batch: PyCronofyPartialSuccessError where an entry failed, and the others are written"""
        builder = BatchBuilder().upsert_event(self.calendar_id, visit(1, summary=None))
        builder.upsert_event(self.calendar_id, visit(2))
        with self.assertRaises(PyCronofyPartialSuccessError) as caught:
            self.cronofy.batch(builder)
        (failed,) = caught.exception.batch_response.errors()
        self.assertEqual(failed.status(), 422)
        self.assertEqual(failed.response["data"]["errors"]["summary"][0]["key"], "errors.required")
        self.assertEqual(self.ids(), ["visit-2"])

    def test_validate(self):
        """validate: an event that the client refuses by itself"""
        with self.assertRaises(PyCronofyValidationError):
            self.cronofy.validate("upsert_event", self.calendar_id, {"event_id": "visit-1"})

    def test_refusals(self):
        """upsert_event, delete_event: 404 for a calendar that nobody knows, 422 for an event without times"""
        with self.refused(404):
            self.cronofy.upsert_event("cal_none_none", visit(1))
        with self.refused(404):
            self.cronofy.delete_event("cal_none_none", "visit-1")
        with self.refused(422):
            self.cronofy.upsert_event(self.calendar_id, visit(1, start=None, end=None))

    def test_forbidden(self):
        """upsert_event: 403 without the scope"""
        reader = connect("sam@postbox.example", scope="read_events")
        with self.refused(403):
            reader.upsert_event(self.calendar_id, visit(1))
