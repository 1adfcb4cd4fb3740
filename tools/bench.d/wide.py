"""Whether the read models keep up with real variety, and how fast they answer: endpoints by the thousand, ids in paths, a power law.

usage: wide.py --program RECOUNT --database URL --url URL [--seconds N] [--events N] [--spread] [--reads] [--json]

1. opens an account with a granted quota and sends the wide load N seconds long, and again until so many events are there: 200 different batches of 500, 4 connections, each call under a
   batch_id of its own. Endpoint /api/res{r}/items/{n}, r = floor(Pareto(0.6)) mod 5,000, n uniform below 10^6; two thirds GET, one third
   POST; 90 % 200, 5 % 404, 5 % 500; response time lognormal(3.5, 1) ms; timestamps uniform over the last 60 seconds, or with --spread over
   the last 29 days;
2. tells how fast they came in, how far the slowest read model was behind meanwhile, and how long it then took to be where the log is; with the
   processor time of each program by event;
3. with --reads asks what a dashboard asks of that project, over 4 connections, N seconds each: while nothing happens, when all but the first
   answers are remembered ones, and while twenty requests a second come in.

Everything shares the machine's cores, the load generator included.
"""

import argparse
import datetime
import json
import math
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

LUA = pathlib.Path(__file__).resolve().parent
BATCHES, BATCH, CONNECTIONS = 200, 500, 4
DAY = 86_400
BEHIND = """
SELECT coalesce(max(h.last_position - c.position), 0) FROM projector.progress AS c JOIN log.heads AS h USING (shard)
"""


def sql(options, statement):
    return subprocess.run(
        ["psql", "-X", "-A", "-t", "-q", "-d", options.database, "-v", "ON_ERROR_STOP=1", "-c", statement], check=True,
        capture_output=True, text=True).stdout.strip()


def recount(options, *arguments):
    return subprocess.run([options.program, *arguments], check=True, capture_output=True, text=True).stdout


def event(rng, now, span):
    at = datetime.datetime.fromtimestamp(now - rng.uniform(0, span), datetime.timezone.utc)
    status = rng.choices((200, 404, 500), (90, 5, 5))[0]
    return {
        "endpoint": f"/api/res{math.floor(rng.paretovariate(0.6)) % 5_000}/items/{rng.randrange(10**6)}",
        "method": "GET" if rng.random() < 2 / 3 else "POST", "status_code": status,
        "response_time_ms": round(min(3_600_000, rng.lognormvariate(3.5, 1)), 3),
        "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def write_batches(path, span):
    rng, now = random.Random(10), time.time()
    with path.open("w") as out:
        for _ in range(BATCHES):
            out.write(json.dumps([event(rng, now, span) for _ in range(BATCH)], separators=(",", ":")) + "\n")


def processor_seconds():
    """By program, of what runs now: user and system time."""
    found = {"server and projector": 0.0, "PostgreSQL": 0.0}
    for folder in pathlib.Path("/proc").iterdir():
        try:
            text = (folder / "stat").read_text()
        except (OSError, NotADirectoryError):
            continue
        name, rest = text[text.index("(") + 1:text.rindex(")")], text[text.rindex(")") + 2:].split()
        kind = {"recount": "server and projector", "postgres": "PostgreSQL"}.get(name)
        if kind:
            found[kind] += (int(rest[11]) + int(rest[12])) / os.sysconf("SC_CLK_TCK")
    return found


def wrk(options, url, script, environment):
    output = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{options.seconds}s", "--timeout", "30s", "-s", LUA / script, url],
        env=os.environ | environment, check=True, capture_output=True, text=True).stdout
    return json.loads(next(line for line in output.splitlines() if line.startswith("{")))


class Watch(threading.Thread):
    """How many events the slowest read model is behind, sampled while the load runs."""

    def __init__(self, options):
        super().__init__(daemon=True)
        self.options, self.worst, self.ended = options, 0, threading.Event()

    def run(self):
        while not self.ended.wait(0.5):
            self.worst = max(self.worst, int(sql(self.options, BEHIND)))


def load(options, key, folder):
    span = 29 * DAY if options.spread else 60
    write_batches(folder / "bodies", span)
    before, watch = processor_seconds(), Watch(options)
    begin = time.monotonic()
    watch.start()
    events = errors = 0
    while True:
        result = wrk(
            options, f"{options.url}/api/v1/track", "batch.lua",
            {"RECOUNT_KEY": key, "RECOUNT_BODIES": str(folder / "bodies")})
        events, errors = events + result["requests"] * BATCH, errors + result["errors"]
        if events >= options.events or errors:
            break
    sent = time.monotonic() - begin
    while int(sql(options, BEHIND)) > 0:
        time.sleep(0.05)
    whole = time.monotonic() - begin
    watch.ended.set()
    watch.join()
    after = processor_seconds()
    return {
        "events": events, "in_per_second": round(events / sent), "projected_per_second": round(events / whole),
        "worst_events_behind": watch.worst, "seconds_to_catch_up": round(whole - sent, 2), "errors": errors,
        "processor_microseconds_an_event": {
            name: round((after[name] - before[name]) * 1e6 / max(events, 1), 2) for name in after},
        "read_model_bytes_an_event": round(int(sql(options, """
          SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
          WHERE n.nspname IN ('traffic', 'requests') AND c.relkind IN ('r', 'm')""")) / max(events, 1), 1),
    }


class Feeder(threading.Thread):
    """Tracks twenty requests a second, so that no answer stays what it was."""

    def __init__(self, options, key):
        super().__init__(daemon=True)
        self.url, self.key, self.ended = f"{options.url}/api/v1/track", key, threading.Event()
        self.rng = random.Random(11)

    def run(self):
        while not self.ended.wait(0.05):
            self.track()

    def track(self):
        request = urllib.request.Request(
            self.url, json.dumps(event(self.rng, time.time(), 1)).encode(),
            {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            answer.read()


def reads(options, key, project):
    now = datetime.datetime.now(datetime.timezone.utc)
    span = f"from={(now - datetime.timedelta(days=30)):%Y-%m-%dT%H:%M:%SZ}&to={now:%Y-%m-%dT%H:%M:%SZ}"
    paths = {
        "summary": f"summary?{span}", "usage": "usage", "timeseries, hours": f"timeseries?interval=hour&{span}",
        "timeseries, days of India": f"timeseries?interval=day&time_zone=Asia/Kolkata&{span}",
        "endpoints": f"endpoints?{span}", "requests": f"requests?{span}",
        "requests, 500 alone": f"requests?status=5xx&{span}",
    }
    found = {}
    for name, path in paths.items():
        url = f"{options.url}/api/v1/projects/{project}/{path}"
        for suffix, feeder in (("", None), (", while requests come in", Feeder(options, key))):
            if feeder:
                feeder.start()
            # Whoever asked before has gone, and the server has noticed: else its turns at dear questions are still taken.
            time.sleep(0.5)
            result = wrk(options, url, "read.lua", {"RECOUNT_KEY": key})
            if feeder:
                feeder.ended.set()
                feeder.join()
            if result["errors"] or not result["requests"]:
                sys.exit(f"{url}: {result}")
            found[name + suffix] = {
                "per_second": round(result["requests"] / result["seconds"]), "p50_ms": result["p50_ms"],
                "p99_ms": result["p99_ms"]}
    return found


def table(result):
    wide = result["load"]
    yield "| wide load | |"
    yield "|---|---|"
    for name, value in wide.items():
        for part, number in value.items() if isinstance(value, dict) else [("", value)]:
            yield f"| {name.replace('_', ' ')}{' of ' + part if part else ''} | {number:,} |"
    if "reads" in result:
        yield ""
        yield from reads_table(result)


def reads_table(result):
    yield f"| read, 4 connections, {result['load']['events']:,} events | answers/s | p50 ms | p99 ms |"
    yield "|---|---|---|---|"
    for name, read in result["reads"].items():
        yield f"| {name} | {read.get('per_second')} | {read.get('p50_ms')} | {read.get('p99_ms')} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--program", "--database", "--url"):
        parser.add_argument(name, required=True)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--events", type=int, default=0)
    parser.add_argument("--spread", action="store_true")
    parser.add_argument("--reads", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    opened = json.loads(recount(
        options, "account", "open", "--email", "wide@example.com", "--project", "wide", "--tier", "business", "--json"))
    unlimited = "1000000000"
    recount(
        options, "account", "grant", "--account", opened["account_id"], "--requests-per-second", unlimited,
        "--bytes-per-second", unlimited, "--quota", unlimited, "--reason", "tools/bench wide")
    with tempfile.TemporaryDirectory() as folder:
        result = {"load": load(options, opened["api_key"], pathlib.Path(folder))}
    if options.reads:
        result["reads"] = reads(options, opened["api_key"], opened["project_id"])
    print(json.dumps(result) if options.json else "\n".join(table(result)))


if __name__ == "__main__":
    main()
