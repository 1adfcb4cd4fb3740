"""A burst of Stripe's webhooks over two servers: whether one is lost, what each costs, and what tracking notices of it.

usage: webhooks.py --program RECOUNT --database URL --url URL [--seconds N] [--webhooks N] [--connections N] [--rate N] [--json]

What STRIPE_API_BASE, STRIPE_API_KEY and STRIPE_WEBHOOK_SECRETS name is tools/fake-stripe, which delivers nothing by itself; RECOUNT_DATA is where the
server at URL keeps its data.

1. starts a second server over the same database, and sets billing up;
2. somebody signs up and has accounts, enough for N webhooks; each subscribes to Pro, what Stripe says of that is delivered and followed;
3. the test Stripe's clock goes on by four months: renewals, and each tenth account's card fails until its subscription ends. What Stripe says of that, the first N of
   it, is the burst, in Stripe's order;
4. finds how many single events a second can be tracked over both servers (or is told), and tracks half as many all along: N seconds before, while the burst is
   delivered over both servers, until all that follows from it is said, and N seconds after;
5. counts: each webhook's fact is in the log once, and as many tiers were lowered as subscriptions ended.

A call's time counts from when it was due. The processor time of a webhook is what servers, projector and PostgreSQL took from the first one until all that follows was
said, less what they took for tracking in as many seconds before. Everything shares the machine's cores, load generators and the test Stripe included.
"""

import argparse
import collections
import concurrent.futures
import json
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import calls
import pages
import throttle
import wide

LUA = pathlib.Path(__file__).resolve().parent
DAY, MONTHS = 86_400, 4
# Of each, on average, a little more than twenty: six a month, fewer where the card fails.
WEBHOOKS_AN_ACCOUNT = 20
PATIENCE = 900
PERSON = {"email": "webhooks@example.com", "password": "thistle-97-gravel"}
TRACKING_CONNECTIONS = 64
# What has a webhook's fact still to follow it: those that the process manager has not met, and accounts that are due or under way.
OUTSTANDING = """
SELECT (SELECT count(*) FROM operations.reactors AS r JOIN json_each_text('{heads}') AS h ON h.key::integer = r.shard
        WHERE r.reactor = 'billing' AND r.position < h.value::bigint)
  + (SELECT count(*) FROM operations.billing_due WHERE due_at <= clock_timestamp() OR attempts > 0)
"""
FACTS = "SELECT data ->> 'event_id' FROM log.events WHERE type = 'stripe_event_received'"
TIERS = "SELECT count(*) FROM log.events WHERE type = 'tier_changed'"


def say(text):
    print(text, file=sys.stderr, flush=True)


def ask(url, body=None, fields=None):
    """What a server answers, in JSON."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"} | (fields or {}))
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"{url}: {error.code} {error.read().decode(errors='replace')}")


class Stripe:
    """The test's hand on tools/fake-stripe."""

    def __init__(self):
        self.url, self.key = os.environ["STRIPE_API_BASE"], os.environ["STRIPE_API_KEY"]
        self.secret = os.environ["STRIPE_WEBHOOK_SECRETS"].split(",")[0]
        self.told = 0

    def test(self, path, wish=None):
        return ask(f"{self.url}/_test/{path}", wish)

    def wanted(self):
        """The types of events that the set-up asked for."""
        endpoints = ask(f"{self.url}/v1/webhook_endpoints", fields={"Authorization": f"Bearer {self.key}"})["data"]
        return [kind for endpoint in endpoints for kind in endpoint["enabled_events"]]

    def news(self):
        """The bodies of what it has to tell since it was asked before, in its order."""
        after, self.told = self.told, self.test("outbox?after=1000000000")["last"]
        letters = self.test("sign", {"after": after, "types": self.wanted()})["requests"]
        return [letter["body"].encode() for letter in letters]


def sign_up(options):
    """Somebody's access token, good for a quarter of an hour."""
    url = f"{options.url}/api/v1/auth"
    ask(f"{url}/sign-up", PERSON)
    token = pages.verified_link(pathlib.Path(os.environ["RECOUNT_DATA"]) / "outbox", PERSON["email"])
    ask(f"{url}/verify", {"token": token})


def open_account(options, *more):
    return json.loads(wide.recount(
        options, "account", "open", "--email", PERSON["email"], "--project", "webhooks", "--json", *more))


def tracking_account(options):
    opened, unlimited = open_account(options), "1000000000"
    wide.recount(
        options, "account", "grant", "--account", opened["account_id"], "--requests-per-second", unlimited,
        "--bytes-per-second", unlimited, "--quota", unlimited, "--reason", "tools/bench webhooks")
    return opened["api_key"]


def subscribe(options, stripe, count):
    """So many accounts with Pro, each tenth by a card that pays this once."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        accounts = list(pool.map(lambda _: open_account(options)["account_id"], range(count)))
    access = ask(f"{options.url}/api/v1/auth/log-in", PERSON)["access_token"]
    for number, account in enumerate(accounts):
        page = ask(
            f"{options.url}/api/v1/accounts/{account}/billing/checkout", {"tier": "pro"}, {"Authorization": f"Bearer {access}"})
        card = "fails_later" if number % 10 == 1 else "ok"
        stripe.test("pay", {"session": page["url"].rsplit("/", 1)[1], "card": card})


def deliver(options, urls, stripe, bodies):
    """Waits until all are answered."""
    return calls.started(calls.deliver, urls, stripe.secret, bodies, options.connections)()


def wait_until_all_is_said(options):
    heads = wide.sql(options, "SELECT json_object_agg(shard, last_position) FROM log.heads")
    deadline = time.monotonic() + PATIENCE
    while int(wide.sql(options, OUTSTANDING.format(heads=heads))) > 0:
        if time.monotonic() > deadline:
            sys.exit("not all was said: " + wide.sql(options, "SELECT max(error) FROM operations.billing_due"))
        time.sleep(0.2)


def tell_all(options, urls, stripe):
    """What Stripe has to tell is delivered and followed; and what it has to tell of that, such as a card that was moved."""
    while bodies := stripe.news():
        deliver(options, urls, stripe, bodies)
        wait_until_all_is_said(options)


def full_rate(options, urls, key):
    """Single events a second, as many as both servers take."""
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    with tempfile.NamedTemporaryFile("w") as bodies:
        bodies.write(
            f'{{"endpoint":"/v2/17/servers/detail","method":"GET","status_code":200,"response_time_ms":12.5,"timestamp":"{stamp}"\n')
        bodies.flush()
        processes = [
            subprocess.Popen(
                ["wrk", "-t1", f"-c{TRACKING_CONNECTIONS // len(urls)}", f"-d{max(2, options.seconds // 2)}s", "--timeout", "30s", "-s",
                 LUA / "single.lua", f"{url}/api/v1/track"],
                env=os.environ | {"RECOUNT_KEY": key, "RECOUNT_BODIES": bodies.name, "RECOUNT_SEED": str(number)}, stdout=subprocess.PIPE,
                text=True) for number, url in enumerate(urls)]
        found = [
            json.loads(next(line for line in process.communicate()[0].splitlines() if line.startswith("{"))) for process in processes]
    if errors := sum(one["errors"] for one in found):
        sys.exit(f"{errors} calls failed")
    return sum(one["requests"] / one["seconds"] for one in found)


class Processes:
    """Those of this installation alone: what they took goes into a difference that others' would drown."""

    def __init__(self, options):
        command = ["psql", "-X", "-A", "-t", "-q", "-d", options.database]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as psql:
            psql.stdin.write("SELECT pg_backend_pid();\n")
            psql.stdin.flush()
            self.postmaster = self.stat(psql.stdout.readline().strip())[1]
        self.mark = f"RECOUNT_DATA={os.environ['RECOUNT_DATA']}".encode()

    @staticmethod
    def stat(pid):
        """Name, parent, seconds of its own, and of those of its children that have ended."""
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
        name, rest = text[text.index("(") + 1:text.rindex(")")], text[text.rindex(")") + 2:].split()
        ticks = os.sysconf("SC_CLK_TCK")
        return name, rest[1], (int(rest[11]) + int(rest[12])) / ticks, (int(rest[13]) + int(rest[14])) / ticks

    def processor_seconds(self):
        found = {"server and projector": 0.0, "PostgreSQL": 0.0}
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                name, parent, own, ended = self.stat(folder.name)
                if name == "recount" and self.mark in (folder / "environ").read_bytes().split(b"\0"):
                    found["server and projector"] += own
                elif folder.name == self.postmaster:
                    found["PostgreSQL"] += own + ended
                elif parent == self.postmaster:
                    found["PostgreSQL"] += own
            except OSError:
                continue
        return found


class Course:
    """When what began, and the processor time by then."""

    def __init__(self, processes):
        self.processes, self.times, self.processor = processes, {}, {}

    def begin(self, what):
        self.times[what], self.processor[what] = time.monotonic(), self.processes.processor_seconds()

    def processor_microseconds(self, webhooks):
        """Of a webhook, by program: from the burst's begin until all is said, less tracking's, as it was before."""
        before = self.times["during"] - self.times["before"]
        took = self.times["after"] - self.times["during"]
        found = {}
        for name in self.processor["before"]:
            tracking = (self.processor["during"][name] - self.processor["before"][name]) / before * took
            found[name] = round((self.processor["after"][name] - self.processor["during"][name] - tracking) * 1e6 / max(webhooks, 1), 1)
        return found

    def tracking(self, found):
        """Calls by when they were due."""
        ends = list(self.times.values())[1:]
        rows = {}
        for (what, begin), end in zip(list(self.times.items()), ends):
            rows[what] = calls.percentiles(seconds for due, seconds, _ in found if begin <= due < end) | {
                "calls": sum(begin <= due < end for due, _, _ in found),
                "failed": sum(begin <= due < end and status != 202 for due, _, status in found)}
        return rows


def burst(options, urls, stripe, key, bodies):
    full = None if options.rate else full_rate(options, urls, key)
    rate = options.rate or max(1, full / 2)
    course, stop = Course(Processes(options)), multiprocessing.Event()
    tracked = calls.started(calls.hold, urls, key, rate, TRACKING_CONNECTIONS, stop)
    time.sleep(1)
    say(f"{rate:,.0f} single events a second, {options.seconds} s before the burst …")
    course.begin("before")
    time.sleep(options.seconds)
    say(f"{len(bodies):,} webhooks …")
    course.begin("during")
    sent = deliver(options, urls, stripe, bodies)
    course.begin("until all was said")
    wait_until_all_is_said(options)
    course.begin("after")
    time.sleep(options.seconds)
    course.begin("end")
    stop.set()
    took = course.times["after"] - course.times["until all was said"]
    return {
        "tracking": {"possible_a_second": full and round(full), "a_second": round(rate), **course.tracking(tracked())},
        "webhooks": {
            "sent": len(bodies), "answered_200": len(sent["seconds"]), "answered_otherwise": sent["others"],
            "a_second": round(len(bodies) / (sent["end"] - sent["begin"])), **calls.percentiles(sent["seconds"]),
            "processor_microseconds": course.processor_microseconds(len(bodies)), "seconds_until_all_was_said": round(took, 1)}}


def counted(options, bodies, known):
    """What the log has of them."""
    ids = [json.loads(body)["id"] for body in bodies]
    facts = collections.Counter(wide.sql(options, FACTS).split())
    return {
        "in_the_log": sum(facts.values()) - sum(known.values()), "lost": sum(one not in facts for one in ids),
        "twice": sum(facts[one] > 1 for one in ids)}


def run(options):
    second = throttle.Server(options, {})
    try:
        urls = [options.url, f"http://127.0.0.1:{second.port}"]
        stripe = Stripe()
        subprocess.run(
            [options.program, "billing", "setup"], env=os.environ | {"RECOUNT_PUBLIC_URL": options.url}, check=True,
            stdout=subprocess.DEVNULL)
        sign_up(options)
        key = tracking_account(options)
        accounts = options.webhooks // WEBHOOKS_AN_ACCOUNT + 1
        say(f"{accounts} accounts subscribe …")
        subscribe(options, stripe, accounts)
        tell_all(options, urls, stripe)
        stripe.test("clock", {"advance": MONTHS * 32 * DAY})
        bodies = stripe.news()[:options.webhooks]
        if len(bodies) < options.webhooks:
            sys.exit(f"Stripe has {len(bodies)} events to tell, fewer than the {options.webhooks} that are wanted")
        known, tiers = collections.Counter(wide.sql(options, FACTS).split()), int(wide.sql(options, TIERS))
        asked = len(stripe.test("calls")["calls"])
        result = burst(options, urls, stripe, key, bodies)
        result["webhooks"] |= counted(options, bodies, known) | {
            "accounts": accounts, "tiers_lowered": int(wide.sql(options, TIERS)) - tiers,
            "subscriptions_ended": sum(b'"type": "customer.subscription.deleted"' in body for body in bodies),
            "asked_of_stripe": len(stripe.test("calls")["calls"]) - asked}
        return result
    finally:
        second.stop()


def table(result):
    webhooks, tracking = result["webhooks"], result["tracking"]
    cost = webhooks["processor_microseconds"]
    yield "| webhooks | answered 200 | in the log, lost, twice | a second | p50 ms | p99 ms | processor µs each, server and projector / PostgreSQL |"
    yield "|---|---|---|---|---|---|---|"
    yield (f"| {webhooks['sent']:,} | {webhooks['answered_200']:,} | {webhooks['in_the_log']:,}, {webhooks['lost']}, {webhooks['twice']} | "
           f"{webhooks['a_second']:,} | {webhooks['p50_ms']} | {webhooks['p99_ms']} | {cost['server and projector']:,} / {cost['PostgreSQL']:,} |")
    yield ""
    yield (f"{webhooks['accounts']} accounts; all that follows was said {webhooks['seconds_until_all_was_said']} s after the last answer: "
           f"{webhooks['tiers_lowered']} tiers lowered, {webhooks['subscriptions_ended']} subscriptions ended; Stripe was asked "
           f"{webhooks['asked_of_stripe']} times. Answered otherwise, and sent again: {sum(webhooks['answered_otherwise'].values())}.")
    yield ""
    yield f"| tracking, {tracking['a_second']:,} single events a second | calls | failed | p50 ms | p99 ms |"
    yield "|---|---|---|---|---|"
    for what, row in tracking.items():
        if isinstance(row, dict):
            yield f"| {what} | {row['calls']:,} | {row['failed']} | {row['p50_ms']} | {row['p99_ms']} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("program", "database", "url"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--format", help=argparse.SUPPRESS)  # what all scripts of this folder are given
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--webhooks", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=32, help="that webhooks come over, in all (default %(default)s)")
    parser.add_argument("--rate", type=float, help="single events that are tracked a second (default: half of what is possible)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = run(options)
    print(json.dumps(result) if options.json else "\n".join(table(result)))
    webhooks = result["webhooks"]
    if webhooks["lost"] or webhooks["twice"] or webhooks["tiers_lowered"] != webhooks["subscriptions_ended"]:
        sys.exit("the promise does not hold: see lost, twice, and tiers lowered beside subscriptions ended")


if __name__ == "__main__":
    main()
