#!/usr/bin/env python3
"""Opens the sandbox's consent page in headless Chromium, as a person would.

usage: consent_page.py CRONOFY_BINARY SCREENSHOT_FOLDER

Talks WebDriver to chromedriver with the standard library alone. Allow and Deny are pressed by mouse and by
keyboard, with and without JavaScript, on a wide and on a phone's screen (chromedriver cannot click on an emulated
phone without JavaScript); what the browser brings back to a redirect URI is
checked. Exit status 1 where anything differs.
"""
import base64
import http.server
import json
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
TAB, ENTER = "\ue004", "\ue007"


class Redirects(http.server.BaseHTTPRequestHandler):
    seen = queue.Queue()

    def do_GET(self):
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>back</title>")
        if self.path.startswith("/callback"):
            self.seen.put(dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query)))

    def log_message(self, *_):
        pass


class Browser:
    def __init__(self, driver, profile, width, javascript):
        self.driver = driver
        arguments = [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", f"--user-data-dir={profile}", f"--window-size={width},900",
        ]
        options = {"args": arguments}
        if not javascript:
            options["prefs"] = {"profile.managed_default_content_settings.javascript": 2}
        # A window is no narrower than about 500 pixels: a phone has to be emulated.
        if width < 500:
            options["mobileEmulation"] = {"deviceMetrics": {"width": width, "height": 800, "pixelRatio": 2.0}}
        wanted = {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}}
        self.session = ""
        self.session = "/session/" + self.call("POST", "/session", wanted)["sessionId"]

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.driver + self.session + path, data, method=method)
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)["value"]

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    def find(self, xpath):
        return self.call("POST", "/element", {"using": "xpath", "value": xpath})[ELEMENT]

    def click(self, xpath):
        self.call("POST", f"/element/{self.find(xpath)}/click", {})

    def press(self, keys):
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def focused(self):
        active = self.call("GET", "/element/active")[ELEMENT]
        return self.call("GET", f"/element/{active}/text")

    def width_of(self, xpath):
        return self.call("GET", f"/element/{self.find(xpath)}/rect")["width"]

    def screenshot(self, path):
        path.write_bytes(base64.b64decode(self.call("GET", "/screenshot")))

    def close(self):
        self.call("DELETE", "")


def start_chromedriver():
    """The process, and the address that it serves."""
    process = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if "started successfully on port" in line:
            return process, "http://127.0.0.1:" + line.rstrip().rstrip(".").split()[-1]
    sys.exit("chromedriver did not start")


def button(name):
    return f"//button[normalize-space()='{name}']"


def press_by_keyboard(browser, name):
    for _ in range(40):
        if browser.focused() == name:
            return browser.press([ENTER])
        browser.press([TAB])
    sys.exit(f"the keyboard does not reach {name}")


def main():
    binary, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    landing = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Redirects)
    threading.Thread(target=landing.serve_forever, daemon=True).start()
    redirect_uri = f"http://127.0.0.1:{landing.server_port}/callback?kept=1"
    sandbox = subprocess.Popen([binary, "sandbox"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    chromedriver, driver = start_chromedriver()
    try:
        ready = json.loads(sandbox.stdout.readline())

        def authorize(path="/oauth/authorize", **more):
            parameters = {
                "response_type": "code", "client_id": ready["client_id"], "redirect_uri": redirect_uri,
                "state": "a&b ü", **more,
            }
            return ready["app_url"] + path + "?" + urllib.parse.urlencode(parameters)

        modes = {
            "individual": authorize(scope="read_events create_event"),
            "business": authorize(scope="read_write", delegated_scope="read_only"),
            "free-busy": authorize(scope="free_busy_write"),
            "organization": authorize(scope="organizational_unit_scheduler"),
            "enterprise": authorize(
                "/enterprise_connect/oauth/authorize",
                scope="service_account/accounts/manage", delegated_scope="read_write",
            ),
        }
        checked = 0
        for width, javascript in ((1100, True), (1100, False), (360, True)):
            with tempfile.TemporaryDirectory() as profile:
                browser = Browser(driver, profile, width, javascript)
                try:
                    for mode, url in modes.items():
                        for name, by_keyboard in (("Allow", False), ("Deny", False), ("Allow", True), ("Deny", True)):
                            browser.open(url)
                            if name == "Allow" and not by_keyboard:
                                browser.screenshot(folder / f"{mode}-{width}.png")
                                if browser.width_of("//main") > width:
                                    sys.exit(f"{mode}: wider than a screen of {width}")
                            press_by_keyboard(browser, name) if by_keyboard else browser.click(button(name))
                            back = Redirects.seen.get(timeout=20)
                            outcome = "code" if name == "Allow" else "error"
                            if back.get("state") != "a&b ü" or back.get("kept") != "1" or outcome not in back:
                                sys.exit(f"{mode}, {name}: the browser came back with {sorted(back)}")
                            if name == "Deny" and back["error"] != "access_denied":
                                sys.exit(f"{mode}: denied as {back['error']}")
                            checked += 1
                    browser.open(modes["individual"])
                    browser.click("//nav/a[normalize-space()='Office 365']")
                    browser.screenshot(folder / f"provider-{width}.png")
                    browser.click(button("Close"))
                    browser.screenshot(folder / f"closed-{width}.png")
                    if not Redirects.seen.empty():
                        sys.exit("who closed the page was redirected")
                    browser.open(authorize(scope="read_events").replace(ready["client_id"], "unknown"))
                    browser.screenshot(folder / f"error-{width}.png")
                    if not Redirects.seen.empty():
                        sys.exit("an unknown client was redirected")
                finally:
                    browser.close()
        print(f"consent page: {checked} decisions in Chromium, {len(modes)} modes, with and without JavaScript")
    finally:
        chromedriver.terminate()
        sandbox.terminate()


if __name__ == "__main__":
    main()
