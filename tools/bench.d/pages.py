"""How long the server takes over a page of a large project, with one viewer and with fifty.

usage: pages.py --program RECOUNT --database URL --url URL --data FOLDER [--seconds N] [--events N] [--json]

1. signs up in the pages as anybody does, opens the link of the mail, logs in, creates a project and a key; what the account sends is lifted by a
   grant;
2. sends it the wide load of wide.py with times over the last 29 days, N events, and waits until all read models have them;
3. asks for home, analytics (30 days) and requests over one connection and over fifty, N seconds each: whole, while nothing happens; whole, while
   twenty requests a second come in; and with the tag that came with the page, which is answered 304. Beside them, through the same server
   and network, `/readyz`, whose whole work is one `SELECT` of the database;
4. asks the API what a dashboard asks of that project, as wide.py does;
5. tells how many connections to the database the server holds while two hundred watch the live page of that project, what that costs it, and how
   long after a tracked call the watchers have its numbers.

Everything shares the machine's cores, the load generator included.
"""

import argparse
import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

import wide

LUA = pathlib.Path(__file__).resolve().parent
VIEWERS, WATCHERS = (1, 50), 200


class Browser:
    """Somebody's session with the pages: forms as a browser sends them."""

    def __init__(self, url):
        self.url, self.cookies = url, {}

    def ask(self, method, path, form=None):
        """(status, fields, body) of an answer, whose cookies are kept."""
        body = urllib.parse.urlencode(form) if form is not None else None
        fields = {"Cookie": self.cookie, "Origin": self.url, "Sec-Fetch-Site": "same-origin"}
        if body is not None:
            fields["Content-Type"] = "application/x-www-form-urlencoded"
        # One each: between two of them the server may have closed an idle one.
        parts = urllib.parse.urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=120)
        connection.request(method, path, body, fields)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers, text

    def send(self, path, form):
        """Fills in the form of a page, and sends it; where that leads to."""
        hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', self.ask("GET", path)[2])
        status, fields, text = self.ask("POST", path, dict(hidden) | form)
        if status != 303:
            sys.exit(f"POST {path}: {status}\n{text[:2000]}")
        return fields["Location"]

    @property
    def cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


def verified_link(outbox, email):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for file in outbox.glob("*.eml"):
            text = file.read_text(errors="replace").replace("=\n", "").replace("=3D", "=")
            found = re.search(r"/verify\?token=([A-Za-z0-9_-]+)", text)
            if email in text and found:
                return found.group(1)
        time.sleep(0.1)
    sys.exit(f"no mail to {email} came")


def sign_up(options):
    """A browser that is logged in, with a project and its key."""
    browser, email, password = Browser(options.url), "pages@example.com", "thistle-97-gravel"
    browser.send("/sign-up", {"email": email, "password": password})
    token = verified_link(pathlib.Path(options.data) / "outbox", email)
    browser.send("/verify", {"token": token})
    browser.send("/log-in", {"email": email, "password": password})
    # The read model that knows the account follows within a second.
    deadline = time.monotonic() + 60
    while browser.ask("GET", "/projects")[0] != 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    project = browser.send("/projects", {"name": "wide"}).split("/projects/")[1].split("/")[0]
    shown = browser.send(f"/projects/{project}/keys", {"name": "bench", "mode": "live", "scope-track": "on", "scope-read": "on"})
    key = re.search(r"sk_live_[A-Za-z0-9]{38}", browser.ask("GET", shown)[2])
    if key is None:
        sys.exit("the page after issuing a key shows none")
    account = wide.sql(options, f"SELECT account_id FROM directory.projects WHERE project_id = '{project}'")
    unlimited = "1000000000"
    wide.recount(
        options, "account", "grant", "--account", account, "--tier", "business", "--requests-per-second", unlimited,
        "--bytes-per-second", unlimited, "--quota", unlimited, "--reason", "tools/bench pages")
    return browser, project, key.group()


def wrk(options, path, fields, connections, status, must_succeed=True):
    output = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{options.seconds}s", "--timeout", "60s", "-s", LUA / "page.lua", options.url + path],
        env=os.environ | {"RECOUNT_FIELDS": "\n".join(f"{name}: {value}" for name, value in fields.items()), "RECOUNT_STATUS": str(status)},
        check=True, capture_output=True, text=True).stdout
    result = json.loads(next(line for line in output.splitlines() if line.startswith("{")))
    if not must_succeed and result["errors"]:
        return None
    if result["errors"] >= result["requests"]:
        sys.exit(f"{path}: {result}")
    row = {"per_second": round(result["requests"] / result["seconds"], 1), "p50_ms": result["p50_ms"], "p99_ms": result["p99_ms"]}
    # Of all, refused ones included: a server that is asked for more than it can do says so (503), and is not fast by it.
    return row | ({"refused": result["errors"]} if result["errors"] else {})


def wrk_unchanged(options, browser, path, cookie, viewers):
    """With the tag of the page as it is now. A page that tells the time of day changes with the minute: then once more."""
    for _ in range(3):
        tag = browser.ask("GET", path)[1]["ETag"]
        found = wrk(options, path, cookie | {"If-None-Match": tag}, viewers, 304, must_succeed=False)
        if found:
            return found
    sys.exit(f"{path}: the page is never what it was")


def measure(options, browser, project, key):
    paths = {
        "one SELECT (/healthz)": "/healthz", "home": "/home", "analytics, 30 days": f"/projects/{project}?period=30d",
        "requests": f"/projects/{project}/requests?period=30d",
    }
    for name, path in paths.items():
        cookie = {"Cookie": browser.cookie, "Accept-Encoding": "gzip"}
        for viewers in VIEWERS:
            yield name, viewers, "", wrk(options, path, cookie, viewers, 200)
            if path == "/healthz":
                continue
            yield name, viewers, "304", wrk_unchanged(options, browser, path, cookie, viewers)
            feeder = wide.Feeder(options, key)
            feeder.start()
            time.sleep(0.5)
            yield name, viewers, "while requests come in", wrk(options, path, cookie, viewers, 200)
            feeder.ended.set()
            feeder.join()


class Watcher(threading.Thread):
    """One who watches the live page: when its numbers last moved."""

    def __init__(self, options, path, cookie):
        super().__init__(daemon=True)
        self.request = urllib.request.Request(options.url + path, headers={"Cookie": cookie})
        self.moved, self.states = 0.0, 0

    def run(self):
        with urllib.request.urlopen(self.request, timeout=600) as stream:
            for line in stream:
                if line.startswith(b"data:"):
                    self.moved, self.states = time.monotonic(), self.states + 1


def server_connections(options):
    return int(wide.sql(options, "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'recount%' AND datname = current_database()"))


def watched(options, browser, project, key):
    """What so many who watch cost, and how long it takes until each has seen a call."""
    rows = {}
    for viewers in (0, 1, WATCHERS):
        watchers = [Watcher(options, f"/projects/{project}/live", browser.cookie) for _ in range(viewers)]
        for watcher in watchers:
            watcher.start()
        deadline = time.monotonic() + 60
        while any(watcher.states == 0 for watcher in watchers) and time.monotonic() < deadline:
            time.sleep(0.1)
        delays, before, begin = [], wide.processor_seconds(), time.monotonic()
        feeder = wide.Feeder(options, key)
        for _ in range(10):
            counts = [watcher.states for watcher in watchers]
            asked = time.monotonic()
            feeder.track()
            while any(watcher.states == count for watcher, count in zip(watchers, counts)) and time.monotonic() - asked < 30:
                time.sleep(0.01)
            delays += [watcher.moved - asked for watcher in watchers]
            time.sleep(0.5)
        after, took = wide.processor_seconds(), time.monotonic() - begin
        rows[viewers] = {
            "database_connections": server_connections(options),
            "processor_ms_a_second": {name: round((after[name] - before[name]) * 1000 / took, 1) for name in after},
            "seconds_to_see_a_call": {"median": round(sorted(delays)[len(delays) // 2], 2), "worst": round(max(delays), 2)} if delays else None,
        }
    return rows


def table(result):
    yield f"| page, {result['load']['events']:,} events | viewers | | answers/s | p50 ms | p99 ms |"
    yield "|---|---|---|---|---|---|"
    for name, viewers, how, found in result["pages"]:
        yield f"| {name} | {viewers} | {how} | {found['per_second']:,} | {found['p50_ms']} | {found['p99_ms']} |"
    yield ""
    yield from wide.reads_table(result)
    yield ""
    yield "| who watch | connections to the database | processor ms a second, server and projector / PostgreSQL | s until a call is seen, median / worst |"
    yield "|---|---|---|---|"
    for viewers, row in result["watched"].items():
        cost, seen = row["processor_ms_a_second"], row["seconds_to_see_a_call"]
        text = f"{seen['median']} / {seen['worst']}" if seen else ""
        yield f"| {viewers} | {row['database_connections']} | {cost['server and projector']} / {cost['PostgreSQL']} | {text} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--program", "--database", "--url", "--data"):
        parser.add_argument(name, required=True)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    options.spread = True
    browser, project, key = sign_up(options)
    with tempfile.TemporaryDirectory() as folder:
        result = {"load": wide.load(options, key, pathlib.Path(folder))}
    result["pages"] = list(measure(options, browser, project, key))
    result["reads"] = wide.reads(options, key, project)
    result["watched"] = watched(options, browser, project, key)
    print(json.dumps(result) if options.json else "\n".join(table(result)))


if __name__ == "__main__":
    main()
