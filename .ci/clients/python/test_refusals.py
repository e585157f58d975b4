"""How the client reports each status."""
from pycronofy.exceptions import PyCronofyValidationError

from sandbox import Case, client, connect, control

REQUIRED = [{"key": "errors.required", "description": "required"}]


class Refusals(Case):
    def test_401(self):
        """401: a token that nobody knows"""
        with self.refused(401, ""):
            client(access_token="unknown").userinfo()

    def test_401_without_a_token(self):
        """401: no token at all, which the client sends as None"""
        with self.refused(401, ""):
            client().list_calendars()

    def test_403(self):
        """403: a scope that was not granted"""
        with self.refused(403, ""):
            connect("rui@harbourdental.example", scope="create_event").read_free_busy()

    def test_403_of_a_service_account(self):
        """403: what only a service account may"""
        with self.refused(403, ""):
            connect("rui@harbourdental.example").resources()

    def test_404(self):
        """404: a profile of somebody else"""
        with self.refused(404, ""):
            connect("rui@harbourdental.example").revoke_profile("pro_unknown")

    def test_404_not_served(self):
        """404: what the sandbox does not serve, and says so"""
        with self.assertRaisesRegex(Exception, "not_served"):
            connect("rui@harbourdental.example").get_conferencing_services_auth_link("http://127.0.0.1:9/")

    def test_422(self):
        """422: each field that is wrong, by its key"""
        with self.refused(422, {"errors": {"participants": REQUIRED, "query_periods": REQUIRED}}):
            connect("rui@harbourdental.example").availability(required_duration=60)

    def test_422_of_a_zone(self):
        """422: a time zone that nobody knows"""
        unknown = [{"key": "errors.tzid_unrecognized", "description": "TZID not recognized"}]
        with self.refused(422, {"errors": {"tzid": unknown}}):
            connect("rui@harbourdental.example").read_free_busy(tzid="Nowhere/Else")

    def test_429(self):
        """429: more than fifty requests in a second"""
        cronofy = connect("rui@harbourdental.example")
        control("PUT", "/clock", {"frozen": True})
        control("PATCH", "/settings", {"rate_limits": {"enabled": True}})
        for _ in range(50):
            cronofy.userinfo()
        with self.refused(429, ""):
            cronofy.userinfo()
        control("POST", "/clock/advance", {"seconds": 1})
        cronofy.userinfo()

    def test_validate(self):
        """validate: what the client refuses by itself"""
        with self.assertRaises(PyCronofyValidationError):
            client().validate("read_free_busy")
