"""Access to the calendars of a domain: asked for with a 202, granted by a signed callback."""
from sandbox import READY, Case, client, connect_domain, receiver


class Delegation(Case):
    def setUp(self):
        super().setUp()
        self.domain = connect_domain(READY["service_account"]["administrator"])

    def verified(self, callback):
        """The callback, once the client's own check of its signature has passed."""
        self.assertTrue(client().hmac_valid(callback.hmac, callback.body))
        self.assertFalse(client().hmac_valid(callback.hmac, callback.body + " "))
        self.assertFalse(client(client_secret="another").hmac_valid(callback.hmac, callback.body))
        return callback.json["authorization"]

    def redeemed(self, authorization, callback_url):
        """A client that holds what the code is worth. It sends the callback's URL as `redirect_uri`."""
        cronofy = client()
        cronofy.get_authorization_from_code(authorization["code"], callback_url)
        return cronofy

    def test_one(self):
        """authorize_with_service_account: one person"""
        with receiver() as callbacks:
            self.domain.authorize_with_service_account("bram@orchard.example", "read_events", callbacks.url, "s 1")
            authorization = self.verified(callbacks.next())
            self.assertEqual(authorization["state"], "s 1")
            account = self.redeemed(authorization, callbacks.url).account()
            self.assertEqual((account["email"], account["scope"]), ("bram@orchard.example", "read_events"))

    def test_several(self):
        """authorize_multiple_accounts_via_service_account: a person and a room in one request"""
        emails = {"cleo@orchard.example", "pear-room@orchard.example"}
        with receiver() as callbacks:
            entry = {"scope": "read_write", "callback_url": callbacks.url}
            entries = [{"email": email, "state": email, **entry} for email in emails]
            self.domain.authorize_multiple_accounts_via_service_account(entries, state="ignored")
            granted = [self.verified(callbacks.next()) for _ in emails]
            self.assertEqual({authorization["state"] for authorization in granted}, emails)
            for authorization in granted:
                cronofy = self.redeemed(authorization, callbacks.url)
                self.assertEqual(cronofy.userinfo()["email"], authorization["state"])

    def test_nobody(self):
        """authorize_with_service_account: nobody of that address"""
        with receiver() as callbacks:
            self.domain.authorize_with_service_account("nobody@orchard.example", "read_write", callbacks.url)
            authorization = self.verified(callbacks.next())
            self.assertEqual(authorization["error"], "access_denied")
            self.assertNotIn("code", authorization)

    def test_cascade(self):
        """revoke_authorization: with a service account go all who were reached through it"""
        domain = connect_domain("admin@harbourdental.example")
        with receiver() as callbacks:
            domain.authorize_with_service_account("bo@harbourdental.example", "read_write", callbacks.url)
            cronofy = self.redeemed(self.verified(callbacks.next()), callbacks.url)
        cronofy.userinfo()
        domain.revoke_authorization()
        with self.refused(401):
            cronofy.userinfo()
