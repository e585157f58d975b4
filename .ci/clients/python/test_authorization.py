"""From an authorization URL to tokens, from tokens to newer ones, and to the end of it."""
import urllib.parse

from sandbox import REDIRECT_URI, READY, Case, allow, client, connect

INVALID_GRANT = {"error": "invalid_grant"}


class Authorization(Case):
    def test_user_auth_link(self):
        """user_auth_link: its URL leads to consent, and back with a code and the state"""
        url = client().user_auth_link(REDIRECT_URI, scope="read_events create_event", state="a&b ü")
        self.assertTrue(url.startswith(READY["app_url"] + "/oauth/authorize?"))
        back = allow(url, "kit@webmail.example")
        self.assertEqual(back["tenant"], "7")
        self.assertEqual(back["state"], "a&b ü")
        self.assertEqual(len(back["code"]), 32)

    def test_user_auth_link_defaults(self):
        """user_auth_link: the scopes that it asks for by itself, and no state"""
        cronofy = client()
        back = allow(cronofy.user_auth_link(REDIRECT_URI), "kit@webmail.example")
        self.assertNotIn("state", back)
        cronofy.get_authorization_from_code(back["code"])
        granted = "read_account list_calendars read_events create_event delete_event"
        self.assertEqual(cronofy.account()["scope"], granted)

    def test_get_authorization_from_code(self):
        """get_authorization_from_code: a code becomes tokens that work"""
        cronofy = client()
        back = allow(cronofy.user_auth_link(REDIRECT_URI), "kit@webmail.example")
        tokens = cronofy.get_authorization_from_code(back["code"])
        self.assertEqual(tokens["access_token"], cronofy.auth.access_token)
        self.assertFalse(cronofy.is_authorization_expired())
        self.assertEqual(cronofy.account()["email"], "kit@webmail.example")

    def test_get_authorization_from_code_again(self):
        """get_authorization_from_code: works once, and for the URI that the code was asked for"""
        code = allow(client().user_auth_link(REDIRECT_URI), "kit@webmail.example")["code"]
        with self.refused(400, INVALID_GRANT):
            client().get_authorization_from_code(code, "http://127.0.0.1:9/elsewhere")
        client().get_authorization_from_code(code, REDIRECT_URI)
        with self.refused(400, INVALID_GRANT):
            client().get_authorization_from_code(code, REDIRECT_URI)

    def test_refresh_authorization(self):
        """refresh_authorization: the new token works"""
        cronofy = connect("kit@webmail.example")
        before = cronofy.auth.access_token
        tokens = cronofy.refresh_authorization()
        self.assertNotEqual(tokens["access_token"], before)
        self.assertEqual(cronofy.userinfo()["email"], "kit@webmail.example")

    def test_refresh_authorization_wrong_secret(self):
        """refresh_authorization: a wrong client secret is an invalid client"""
        refresh_token = connect("kit@webmail.example").auth.refresh_token
        with self.refused(400, {"error": "invalid_client"}):
            client(client_secret="wrong", refresh_token=refresh_token).refresh_authorization()

    def test_revoke_authorization(self):
        """revoke_authorization: by the access token, and the refresh token ends with it"""
        cronofy = connect("kit@webmail.example")
        access_token, refresh_token = cronofy.auth.access_token, cronofy.auth.refresh_token
        cronofy.revoke_authorization()
        with self.refused(401, ""):
            client(access_token=access_token).userinfo()
        with self.refused(400, INVALID_GRANT):
            client(refresh_token=refresh_token).refresh_authorization()

    def test_revoke_profile(self):
        """revoke_profile: one login goes, the authorization stays"""
        connect("ada@orchard.example")
        cronofy = connect("ada@fruitmail.example")
        profiles = {profile["profile_name"]: profile["profile_id"] for profile in cronofy.list_profiles()}
        self.assertEqual(set(profiles), {"ada@fruitmail.example", "ada@orchard.example"})
        cronofy.revoke_profile(profiles["ada@fruitmail.example"])
        self.assertEqual([profile["profile_name"] for profile in cronofy.list_profiles()], ["ada@orchard.example"])

    def test_application_calendar(self):
        """application_calendar: created once, opened again"""
        cronofy = client()
        first = cronofy.application_calendar("front-desk")
        self.assertTrue(first["sub"].startswith("apc_"))
        self.assertEqual(cronofy.userinfo()["cronofy.type"], "application_calendar")
        self.assertEqual(client().application_calendar("front-desk")["sub"], first["sub"])
