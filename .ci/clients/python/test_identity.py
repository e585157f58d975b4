"""Whose account it is, and what calendars there are."""
from sandbox import READY, Case, connect, connect_domain


class Identity(Case):
    def test_userinfo(self):
        """userinfo: the account, its profiles and their calendars"""
        info = connect("cleo@orchard.example").userinfo()
        self.assertEqual(info["cronofy.type"], "account")
        self.assertEqual(info["email"], "cleo@orchard.example")
        self.assertEqual(info["zoneinfo"], "Europe/Paris")
        data = info["cronofy.data"]
        self.assertEqual(data["authorization"], {"scope": "read_write", "status": "active"})
        self.assertTrue(data["profiles"][0]["profile_calendars"][0]["calendar_id"].startswith("cal_"))

    def test_userinfo_of_a_service_account(self):
        """userinfo: a service account"""
        service_account = READY["service_account"]
        info = connect_domain(service_account["administrator"]).userinfo()
        self.assertEqual(info["sub"], service_account["sub"])
        self.assertEqual(info["cronofy.data"]["service_account"]["domain"], service_account["domain"])

    def test_account(self):
        """account: the same account"""
        cronofy = connect("cleo@orchard.example")
        account = cronofy.account()
        self.assertEqual(account["account_id"], cronofy.userinfo()["sub"])
        self.assertEqual(account["default_tzid"], "Europe/Paris")

    def test_list_profiles(self):
        """list_profiles: its logins"""
        (profile,) = connect("cleo@orchard.example").list_profiles()
        self.assertEqual((profile["provider_name"], profile["provider_service"]), ("google", "gsuite"))
        self.assertEqual(profile["profile_name"], "cleo@orchard.example")

    def test_list_calendars(self):
        """list_calendars: with the profile that each belongs to"""
        cronofy = connect("cleo@orchard.example")
        (profile,) = cronofy.list_profiles()
        calendars = cronofy.list_calendars()
        self.assertEqual({calendar["profile_id"] for calendar in calendars}, {profile["profile_id"]})
        self.assertEqual(len([calendar for calendar in calendars if calendar["calendar_primary"]]), 1)

    def test_resources(self):
        """resources: the rooms of a domain"""
        service_account = READY["service_account"]
        resources = connect_domain(service_account["administrator"]).resources()
        self.assertEqual({resource["email"] for resource in resources}, set(service_account["rooms"]))
        self.assertTrue(all(resource["name"] for resource in resources))
