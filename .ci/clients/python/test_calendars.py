"""Calendars of the application's own, and leave to touch what it did not write."""
from sandbox import Case, allow, connect, control, day, iso, primary


class Calendars(Case):
    def setUp(self):
        super().setUp()
        self.cronofy = connect("kit@webmail.example")

    def test_create_calendar(self):
        """create_calendar: listed"""
        (profile,) = self.cronofy.list_profiles()
        calendar = self.cronofy.create_calendar(profile["profile_id"], "Visits")["calendar"]
        self.assertEqual(calendar["calendar_name"], "Visits")
        self.assertIn(calendar["calendar_id"], [item["calendar_id"] for item in self.cronofy.list_calendars()])

    def test_create_calendar_twice(self):
        """create_calendar: 422 where the provider wants names to differ, or the one that is there"""
        cronofy = connect("ines@harbourdental.example")
        (profile,) = cronofy.list_profiles()
        first = cronofy.create_calendar(profile["profile_id"], "Visits")["calendar"]
        with self.refused(422):
            cronofy.create_calendar(profile["profile_id"], "Visits")
        again = cronofy.create_calendar(profile["profile_id"], "Visits", error_on_duplicate=False)
        self.assertEqual(again["calendar_id"], first["calendar_id"])

    def test_elevated_permissions(self):
        """elevated_permissions: before upsert_event and delete_external_event may touch what another wrote"""
        calendar_id = primary(self.cronofy)
        lunch = {"summary": "Lunch", "start": iso(day(2, 12)), "end": iso(day(2, 13))}
        control("POST", "/users/kit@webmail.example/events", lunch)
        (lunch,) = [event for event in self.cronofy.read_events() if event["summary"] == "Lunch"]
        with self.refused(403):
            self.cronofy.delete_external_event(calendar_id, lunch["event_uid"])
        permissions = [{"calendar_id": calendar_id, "permission_level": "unrestricted"}]
        asked = self.cronofy.elevated_permissions(permissions, "http://127.0.0.1:9/done")
        allow(asked["url"])
        later = {**lunch, "summary": "Late lunch"}
        self.cronofy.upsert_event(calendar_id, {name: later[name] for name in ("event_uid", "summary", "start", "end")})
        self.assertIn("Late lunch", [event["summary"] for event in self.cronofy.read_events()])
        self.cronofy.delete_external_event(calendar_id, lunch["event_uid"])
        self.assertNotIn("Late lunch", [event["summary"] for event in self.cronofy.read_events()])
