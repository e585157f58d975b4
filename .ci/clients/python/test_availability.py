"""When people are busy, and when they all are free."""
import datetime

from sandbox import Case, connect, day, iso


class FreeBusy(Case):
    def test_read_free_busy(self):
        """read_free_busy: what blocks, in the window"""
        cronofy = connect("dov@orchard.example")
        pages = cronofy.read_free_busy(from_date=day(1).date(), to_date=day(5).date(), tzid="Europe/London")
        entries = pages.all()
        self.assertTrue(entries)
        for entry in entries:
            self.assertRegex(entry["start"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:00Z$")
            self.assertEqual(entry["free_busy_status"], "busy")

    def test_read_free_busy_of_a_calendar(self):
        """read_free_busy: one calendar, between two Times, in local times"""
        cronofy = connect("dov@orchard.example")
        (calendar_id,) = [item["calendar_id"] for item in cronofy.list_calendars() if item["calendar_primary"]]
        pages = cronofy.read_free_busy(
            (calendar_id,), day(1), day(2), tzid="Europe/London", include_managed=False, localized_times=True
        )
        (entry,) = pages
        self.assertEqual(entry["calendar_id"], calendar_id)
        self.assertEqual(entry["start"]["tzid"], "Europe/London")


class Availability(Case):
    """Dov and Cleo, on a day on which each of them has an hour taken."""

    def setUp(self):
        super().setUp()
        self.people = [connect("dov@orchard.example"), connect("cleo@orchard.example")]
        self.subs = [cronofy.userinfo()["sub"] for cronofy in self.people]
        self.taken = [
            busy for cronofy in self.people for busy in cronofy.read_free_busy(from_date=day(1), to_date=day(2))
        ]

    def query(self, **options):
        period = {"start": day(1, 8), "end": day(1, 18)}
        usual = {"participants": {"members": self.subs}, "required_duration": 60, "available_periods": [period]}
        return self.people[0].availability(**{**usual, **options})

    def overlaps(self, slot):
        return any(busy["start"] < slot["end"] and slot["start"] < busy["end"] for busy in self.taken)

    def test_periods(self):
        """availability: periods in which all are free"""
        periods = self.query()
        self.assertGreater(len(periods), 1)
        for period in periods:
            self.assertEqual([member["sub"] for member in period["participants"]], self.subs)
            self.assertFalse(self.overlaps(period))

    def test_slots(self):
        """availability: slots, as many as asked for"""
        slots = self.query(response_format="slots", max_results=3)
        self.assertEqual(len(slots), 3)
        self.assertFalse(any(self.overlaps(slot) for slot in slots))

    def test_overlapping_slots(self):
        """availability: overlapping slots at every interval"""
        slots = self.query(response_format="overlapping_slots", start_interval=30)
        starts = [slot["start"] for slot in slots]
        self.assertEqual(starts[:2], [iso(day(1, 8)), iso(day(1, 8.5))])

    def test_query_slots(self):
        """availability: which of the slots asked for are free"""
        starts = [day(1, hour) for hour in range(8, 18)]
        wanted = [{"start": start} for start in starts]
        slots = self.query(available_periods=None, query_slots=wanted, response_format="slots")
        self.assertTrue(0 < len(slots) < len(starts))
        self.assertFalse(any(self.overlaps(slot) for slot in slots))

    def test_buffer(self):
        """availability: with a buffer on both sides of what is taken"""
        buffered = self.query(buffer={"before": 15, "after": 15})
        self.assertTrue(buffered)
        for period in buffered:
            self.assertFalse(self.overlaps(period))
        self.assertLess(self.minutes(buffered), self.minutes(self.query()))

    def minutes(self, periods):
        moment = datetime.datetime.fromisoformat
        return sum((moment(period["end"][:-1]) - moment(period["start"][:-1])).seconds // 60 for period in periods)
