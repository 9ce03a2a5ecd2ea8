"""Starts `fiador sandbox --json`, and walks through its pages as a user with a phone would."""

import html.parser
import json
import os
import pathlib
import re
import subprocess
import time
import urllib.parse

import httpx

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("FIADOR_BINARY", str(ROOT / "target/debug/fiador"))


class Sandbox:
    """A running sandbox; its announcement is `told`."""

    def __init__(self, *options):
        command = [BINARY, "sandbox", "--json", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{' '.join(command)} ended with status {self.process.wait()}")
        self.told = json.loads(line)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.process.stdout.close()

    def application(self, profile):
        return next(app for app in self.told["apps"] if app["profile"] == profile)

    def register(self, **registration):
        """Creates an application through the admin API; gives it with its id and secret."""
        admin = self.told["admin"]
        answer = httpx.post(
            admin["url"] + "/admin/v1/apps",
            headers={"authorization": "Bearer " + admin["token"]},
            json={"name": "Newcomer", "profile": "oidc", "scopes": ["openid"], **registration},
        )
        return answer.raise_for_status().json()

    def sms_phone(self):
        phones = self.told["phones"]
        return next(p for p in phones if not p["auto"] and "sms_otp" in p["authenticators"])

    def messages(self, phone):
        answer = httpx.get(f"{self.told['sandbox']}/api/phones/{phone['msisdn']}/messages")
        return answer.raise_for_status().json()

    def one_time_code(self, phone, seen):
        """The code in the newest message after the `seen` ones."""
        for _ in range(300):
            new = self.messages(phone)[seen:]
            if new:
                return re.search(r"\b\d{6}\b", new[-1]["text"]).group()
            time.sleep(0.1)
        raise TimeoutError("no message within thirty seconds")

    def log_in(self, phone, start, redirect_uri):
        """Follows `start` until the browser is sent to `redirect_uri`; gives that URL, or the fields
        of the form that is posted there."""
        seen = len(self.messages(phone))
        with httpx.Client(headers={"accept": "text/html"}) as browser:
            answer = browser.get(start)
            for _ in range(20):
                if answer.is_redirect:
                    target = urllib.parse.urljoin(str(answer.url), answer.headers["location"])
                    if target.startswith(redirect_uri):
                        return target
                    answer = browser.get(target)
                    continue
                form = Form.first(answer.text)
                fields = dict(form.fields)
                if form.action == redirect_uri:
                    return fields
                for name in form.codes:
                    fields[name] = self.one_time_code(phone, seen)
                for name in form.numbers:
                    fields[name] = "+" + phone["msisdn"]
                action = urllib.parse.urljoin(str(answer.url), form.action or "")
                origin = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(action))
                answer = browser.post(action, data=fields, headers={"origin": origin})
        raise RuntimeError(f"still at {answer.url}")


class Form(html.parser.HTMLParser):
    """The first form of a page: its fields, and which of them a user fills in."""

    def __init__(self):
        super().__init__()
        self.action, self.fields, self.codes, self.numbers = None, [], [], []
        self.inside = self.done = self.pressed = False

    @classmethod
    def first(cls, text):
        form = cls()
        form.feed(text)
        if not form.done:
            raise RuntimeError(f"a page without a form:\n{text}")
        return form

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form" and not self.done:
            self.inside, self.action = True, given.get("action")
        elif self.inside and tag == "input" and given.get("name"):
            self.fields.append((given["name"], given.get("value") or ""))
            if given.get("autocomplete") == "one-time-code":
                self.codes.append(given["name"])
            elif given.get("type") == "tel":
                self.numbers.append(given["name"])
        elif self.inside and tag == "button" and given.get("name") and not self.pressed:
            if not re.search("deny|cancel|refuse", given.get("value") or ""):
                self.fields.append((given["name"], given.get("value") or ""))
                self.pressed = True

    def handle_endtag(self, tag):
        if tag == "form" and self.inside:
            self.inside, self.done = False, True
