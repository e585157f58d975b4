#!/usr/bin/env python3
"""Opens the sandbox's dashboard in headless Chromium and uses it, as a person would.

usage: dashboard.py CRONOFY_BINARY SCREENSHOT_FOLDER

What is pressed on the page is looked up in the control API, and what is asked of the sandbox is looked for on the
page. Exit status 1 where anything differs.
"""
import http.server
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from consent_page import Browser, button, start_chromedriver

EXCHANGE = "//tr[contains(., 'POST /oauth/token')]"


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


class Sandbox:
    """The sandbox, asked by a program while the page watches."""

    def __init__(self, ready):
        self.ready, self.base = ready, ready["api_url"]

    def ask(self, method, path, body=None, token=None):
        headers = {"content-type": "application/json"} if body is not None else {}
        if token:
            headers["authorization"] = "Bearer " + token
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                text = answer.read()
                return json.loads(text) if text else None
        except urllib.error.HTTPError as refused:
            return refused.code

    def connect(self, scope, path="/oauth/authorize", **more):
        redirect_uri = "http://127.0.0.1:9/callback"
        query = urllib.parse.urlencode({
            "response_type": "code", "client_id": self.ready["client_id"], "redirect_uri": redirect_uri,
            "scope": scope, "avoid_linking": "true", **more,
        })

        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_):
                return None

        try:
            urllib.request.build_opener(Stay).open(f"{self.base}{path}?{query}")
            sys.exit("the sandbox did not redirect")
        except urllib.error.HTTPError as redirect:
            back = urllib.parse.urlsplit(redirect.headers["location"])
        return self.ask("POST", "/oauth/token", {
            "client_id": self.ready["client_id"], "client_secret": self.ready["client_secret"],
            "grant_type": "authorization_code", "redirect_uri": redirect_uri,
            "code": dict(urllib.parse.parse_qsl(back.query))["code"],
        })


def wait_for(what, condition):
    for _ in range(200):
        if condition():
            return
        time.sleep(0.1)
    sys.exit(f"dashboard: {what} did not happen")


def there(browser, xpath):
    return bool(browser.call("POST", "/elements", {"using": "xpath", "value": xpath}))


def press(browser, xpath):
    """Presses what is on the page, as soon as it is."""
    wait_for(f"{xpath} on the page", lambda: there(browser, xpath))
    browser.click(xpath)


def choose(browser, form, field, value):
    browser.click(f"//form[@id='{form}']//select[@name='{field}']/option[@value='{value}']")


def watch(browser, sandbox, folder, width):
    browser.open(sandbox.base + "/_sandbox/dashboard")
    wait_for("the journal of what was before", lambda: there(browser, EXCHANGE))
    # What happens while the page is open appears by itself.
    sandbox.ask("GET", "/v1/userinfo", token="nobody-has-this")
    wait_for("the refusal in the journal", lambda: there(browser, "//tr[contains(., 'unknown or revoked')]"))
    browser.screenshot(folder / f"dashboard-{width}.png")
    if browser.width_of("//main") > width:
        sys.exit(f"dashboard: wider than a screen of {width}")


def use(browser, sandbox, folder, hook):
    press(browser, button("Freeze"))
    wait_for("the clock standing still", lambda: sandbox.ask("GET", "/_sandbox/clock")["frozen"])
    before = sandbox.ask("GET", "/_sandbox/clock")["offset_seconds"]
    press(browser, button("+1 hour"))
    wait_for("an hour", lambda: sandbox.ask("GET", "/_sandbox/clock")["offset_seconds"] >= before + 3500)
    wait_for("the button", lambda: there(browser, button("Run")))
    press(browser, button("Run"))
    wait_for("the clock going on", lambda: not sandbox.ask("GET", "/_sandbox/clock")["frozen"])
    wait_for("the operations", lambda: there(browser, "//option[@value='GET /v1/userinfo']"))
    choose(browser, "fault", "on", "GET /v1/userinfo")
    choose(browser, "fault", "effect", "status")
    press(browser, "//form[@id='fault']//button")
    wait_for("the fault", lambda: len(sandbox.ask("GET", "/_sandbox/faults")["faults"]) == 1)
    if sandbox.ask("GET", "/v1/userinfo", token="nobody-has-this") != 503:
        sys.exit("dashboard: the fault that was added does not happen")
    wait_for("the fault in the journal", lambda: there(browser, "//tr[contains(., '503')]//*[contains(@class, 'tag')]"))
    press(browser, "//ul[@id='faults']//button")
    wait_for("the end of the fault", lambda: not sandbox.ask("GET", "/_sandbox/faults")["faults"])
    choose(browser, "callback-fault", "effect", "delay")
    press(browser, "//form[@id='callback-fault']//button")
    faults = lambda: sandbox.ask("GET", "/_sandbox/callback_faults")["callback_faults"]
    wait_for("the fault of callbacks", lambda: len(faults()) == 1)
    press(browser, "//ul[@id='callback-faults']//button")
    wait_for("the end of the fault of callbacks", lambda: not faults())
    callbacks = len(sandbox.ask("GET", "/_sandbox/callbacks")["callbacks"])
    wait_for("the callback", lambda: there(browser, f"//ul[@id='callbacks']//*[contains(text(), '{hook}')]"))
    press(browser, "//ul[@id='callbacks']//button[normalize-space()='Send again']")
    wait_for("the callback again", lambda: len(sandbox.ask("GET", "/_sandbox/callbacks")["callbacks"]) > callbacks)
    browser.screenshot(folder / "dashboard-used.png")
    if there(browser, "//ul[@id='invitations']//button[normalize-space()='Accept']"):
        press(browser, "//ul[@id='invitations']//button[normalize-space()='Accept']")
        accepted = lambda: sandbox.ask("GET", "/_sandbox/invitations")["invitations"][0]["state"] == "accepted"
        wait_for("the acceptance", accepted)
    else:
        sys.exit("dashboard: the invitation is not on the page")


def main():
    binary, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    hook = f"http://127.0.0.1:{receiver.server_port}/hook"
    chromedriver, driver = start_chromedriver()
    try:
        for width in (1280, 360):
            command = [binary, "sandbox", "--auto-consent", "auto"]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            try:
                sandbox = Sandbox(json.loads(process.stdout.readline()))
                service = sandbox.connect(
                    "service_account/accounts/manage", "/enterprise_connect/oauth/authorize", delegated_scope="read_write")
                sandbox.ask("POST", "/v1/service_account_authorizations", {
                    "email": sandbox.ready["service_account"]["users"][0], "callback_url": hook,
                    "scope": "read_write", "state": "s",
                }, service["access_token"])
                tokens = sandbox.connect("free_busy_write")
                calendars = sandbox.ask("GET", "/v1/calendars", token=tokens["access_token"])["calendars"]
                hosted = next(calendar for calendar in calendars if calendar["provider_name"] == "cronofy")
                sandbox.ask("POST", f"/v1/calendars/{hosted['calendar_id']}/events", {
                    "event_id": "visit-1", "summary": "Visit", "start": "2031-03-04T09:00:00Z",
                    "end": "2031-03-04T09:30:00Z",
                }, tokens["access_token"])
                with tempfile.TemporaryDirectory() as profile:
                    browser = Browser(driver, profile, width, True)
                    try:
                        watch(browser, sandbox, folder, width)
                        # On an emulated phone the list of a select stays open and takes the next press.
                        if width > 500:
                            use(browser, sandbox, folder, hook)
                    except SystemExit:
                        browser.screenshot(folder / f"failed-{width}.png")
                        raise
                    finally:
                        browser.close()
            finally:
                process.terminate()
        print("dashboard: watched and used in Chromium, on a wide and on a phone's screen")
    finally:
        chromedriver.terminate()


if __name__ == "__main__":
    main()
