"""Channels: told of changes, by requests whose signature the client checks."""
import datetime

from sandbox import Case, client, connect, control, day, iso, primary, receiver


class Notifications(Case):
    def setUp(self):
        super().setUp()
        self.cronofy = connect("rui@harbourdental.example")

    def told(self, callback, channel):
        """What is told, once the client's own check of the signature has passed."""
        self.assertTrue(client().hmac_valid(callback.hmac, callback.body))
        self.assertFalse(client().hmac_valid(callback.hmac, callback.body + " "))
        self.assertEqual(callback.json["channel"]["channel_id"], channel["channel_id"])
        return callback.json["notification"]

    def test_channel(self):
        """create_notification_channel: verified at once, told of a change, closed"""
        with receiver() as callbacks:
            channel = self.cronofy.create_notification_channel(callbacks.url)
            self.assertEqual(channel["callback_url"], callbacks.url)
            self.assertEqual(self.told(callbacks.next(), channel), {"type": "verification"})

            before = datetime.datetime.now(datetime.timezone.utc)
            lunch = {"summary": "Lunch", "start": iso(day(2, 12)), "end": iso(day(2, 13))}
            control("POST", "/users/rui@harbourdental.example/events", lunch)
            notification = self.told(callbacks.next(), channel)
            self.assertEqual(notification["type"], "change")
            since = datetime.datetime.strptime(notification["changes_since"], "%Y-%m-%dT%H:%M:%S%z")
            self.assertLessEqual(since, before)
            changed = self.cronofy.read_events(last_modified=notification["changes_since"])
            self.assertIn("Lunch", [event["summary"] for event in changed])

            self.cronofy.close_notification_channel(channel["channel_id"])
            self.assertNotIn(channel, self.cronofy.list_notification_channels())

    def test_filters(self):
        """create_notification_channel: for a calendar and for what the application wrote; listed"""
        calendar_ids = [primary(self.cronofy)]
        with receiver() as callbacks:
            channel = self.cronofy.create_notification_channel(callbacks.url, calendar_ids, only_managed=True)
            self.assertEqual(channel["filters"], {"calendar_ids": calendar_ids, "only_managed": True})
            again = self.cronofy.create_notification_channel(callbacks.url, calendar_ids, only_managed=True)
            self.assertEqual(again["channel_id"], channel["channel_id"])
            self.assertIn(channel, self.cronofy.list_notification_channels())
            self.cronofy.close_notification_channel(channel["channel_id"])

    def test_unknown(self):
        """close_notification_channel: 404 for one that nobody knows"""
        with self.refused(404):
            self.cronofy.close_notification_channel("chn_none")
