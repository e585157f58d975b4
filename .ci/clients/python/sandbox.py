"""The sandbox that the suite runs against: clients for it, its consent page, and a receiver of its callbacks."""
import contextlib
import datetime
import http.server
import json
import os
import queue
import threading
import types
import unittest
import urllib.parse

import pycronofy
import requests
from pycronofy.exceptions import PyCronofyRequestError

with open(os.environ["SANDBOX_READY"]) as first_line:
    READY = json.load(first_line)
REDIRECT_URI = "http://127.0.0.1:9/callback?tenant=7"
SERVICE_ACCOUNT_SCOPES = "service_account/accounts/manage service_account/resources/manage"


def client(client_secret=READY["client_secret"], **credentials):
    """Cronofy's client as everybody makes it. The address is all that is set."""
    cronofy = pycronofy.Client(client_id=READY["client_id"], client_secret=client_secret, **credentials)
    cronofy.request_handler.base_url = READY["api_url"]
    cronofy.app_base_url = READY["app_url"]
    return cronofy


def control(method, path, body=None):
    """A call about the sandbox itself, which is no part of Cronofy."""
    answer = requests.request(method, READY["api_url"] + "/_sandbox" + path, json=body)
    if not answer.ok:
        why = answer.headers.get("cronofy-sandbox-why")
        raise RuntimeError(f"{method} {path}: {answer.status_code}, {why}")


def allow(url, account=None):
    """What comes back once a person has pressed Allow on the page at `url`."""
    form = {"decision": "allow", "account": account}
    back = requests.post(url, data=form, allow_redirects=False).headers["location"]
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))


def connect(account, scope="read_write"):
    """A client that holds the tokens of `account`, which has just consented."""
    cronofy = client()
    url = cronofy.user_auth_link(REDIRECT_URI, scope=scope, avoid_linking=True)
    cronofy.get_authorization_from_code(allow(url, account)["code"])
    return cronofy


def connect_domain(administrator, delegated_scope="read_write"):
    """The same for a domain. The client builds no such URL: it is the individual one, elsewhere and with more."""
    cronofy = client()
    url = cronofy.user_auth_link(REDIRECT_URI, scope=SERVICE_ACCOUNT_SCOPES)
    url = url.replace("/oauth/authorize", "/enterprise_connect/oauth/authorize")
    url += "&" + urllib.parse.urlencode({"delegated_scope": delegated_scope})
    cronofy.get_authorization_from_code(allow(url, administrator)["code"])
    return cronofy


def primary(cronofy):
    """The calendar that a person writes to."""
    calendars = cronofy.list_calendars()
    return next(
        calendar["calendar_id"]
        for calendar in calendars
        if calendar["calendar_primary"] and not calendar["calendar_readonly"]
    )


def day(offset, hour=0):
    """An hour of the near future, where every calendar of the sandbox has something in it."""
    midnight = datetime.datetime.now(datetime.timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + datetime.timedelta(days=offset, hours=hour)


def iso(moment):
    """A Time as Cronofy writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@contextlib.contextmanager
def receiver():
    """Takes callbacks: `next()` is the next one."""
    arrived = queue.Queue()

    class Callbacks(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self.send_response(200)
            self.end_headers()
            hmac = self.headers["cronofy-hmac-sha256"]
            arrived.put(types.SimpleNamespace(body=body, hmac=hmac, json=json.loads(body)))

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Callbacks) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/hook?tenant=7"
        try:
            yield types.SimpleNamespace(url=url, next=lambda: arrived.get(timeout=10))
        finally:
            server.shutdown()


class Case(unittest.TestCase):
    """A test, for which the sandbox is as it was at the start."""

    def setUp(self):
        control("POST", "/reset")

    @contextlib.contextmanager
    def refused(self, status, body=None):
        """The client has one class for every refusal, with the answer in it."""
        with self.assertRaises(PyCronofyRequestError) as caught:
            yield
        answer = caught.exception.response
        self.assertEqual(answer.status_code, status, caught.exception.message)
        if body is not None:
            self.assertEqual(answer.json() if answer.content else "", body)
