"""Whether one tenant's flood costs another on the same shard its answers.

usage: fair.py --program RECOUNT --database URL --url URL [--seconds N] [--under-way N] [--events N] [--json]

1. opens two accounts on one shard, a victim (pro) and an aggressor;
2. the victim sends 40 single events a second, four fifths of its rate, N seconds long: alone, and beside
   - an aggressor on the same tier that sends single events at ten times its rate,
   - one (business) that has 48 calls of 5,000 events each under way all the time,
   - the same 48 with a grant that lifts the throttle: only turns in the gatherer stand between them.

A call's time counts from when it was due, so that a server that stands still can't hide it. The aggressor goes on whatever it is
answered. Everything shares the machine's cores, both of these included. The promise is a p99 no more than doubled under the throttle.
"""

import argparse
import collections
import http.client
import json
import multiprocessing
import os
import subprocess
import sys
import threading
import time
import urllib.parse

VICTIM_PER_SECOND = 40
AGGRESSOR_PER_SECOND = 500  # ten times what pro may
UNLIMITED = "1000000000"


def recount(options, *arguments):
    output = subprocess.run([options.program, *arguments], check=True, capture_output=True, text=True).stdout
    return json.loads(output) if "--json" in arguments else output


def sql(options, statement):
    return subprocess.run(
        ["psql", "-X", "-A", "-t", "-q", "-d", options.database, "-v", "ON_ERROR_STOP=1", "-c", statement], check=True,
        capture_output=True, text=True).stdout.strip()


def open_on(options, shard, tier):
    """An account on a shard, or on any for None. Ids are random: opens until one fits."""
    for attempt in range(200):  # with 4 shards, 200 misses in a row have a chance of 10^-25
        opened = recount(
            options, "account", "open", "--email", f"fair-{attempt}@example.com", "--project", "fair", "--tier", tier, "--json")
        found = sql(options, f"SELECT log.shard_of('{opened['account_id']}')")
        if shard is None or found == shard:
            return opened, found
    sys.exit("no account came to lie on the victim's shard")


def grant(options, account, *what):
    """What is measured is turns and throttles, not the month's quota."""
    recount(options, "account", "grant", "--account", account["account_id"], *what, "--reason", "tools/bench fair")


def event():
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))
    return (f'{{"endpoint":"/v2/17/servers/detail","method":"GET","status_code":200,"response_time_ms":12.5,'
            f'"timestamp":"{stamp}"}}')


def caller(url, key):
    """A function that sends a body over a connection of its own and answers the status, 0 when the connection broke."""
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def call(body):
        try:
            connection.request("POST", "/api/v1/track", body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            connection.close()
            return 0

    return call


def paced(url, key, per_second, seconds, report, workers=8):
    """Single events at a rate; reports each call's seconds since it was due, and its status."""
    body = event()
    connected = threading.Barrier(workers)

    def work(index):
        call = caller(url, key)
        call(body)  # connects, which is not what is measured
        connected.wait()
        start = time.monotonic()
        for number in range(index, int(per_second * seconds), workers):
            due = start + number / per_second
            time.sleep(max(0, due - time.monotonic()))
            status = call(body)
            found.append((time.monotonic() - due, status))

    found = []
    run_threads(work, workers)
    report.put(found)


def flood(url, key, under_way, events, stop, report):
    """So many large calls under way all the time."""
    body = '{"events":[' + ",".join([event()] * events) + "]}"
    statuses = collections.Counter()

    def work(_):
        call = caller(url, key)
        while not stop.is_set():
            statuses[call(body)] += 1

    run_threads(work, under_way)
    report.put(dict(statuses))


def run_threads(work, count):
    threads = [threading.Thread(target=work, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def victim(options, key):
    report = multiprocessing.Queue()
    process = multiprocessing.Process(
        target=paced, args=(options.url, key, VICTIM_PER_SECOND, options.seconds, report))
    process.start()
    found = report.get()
    process.join()
    times = sorted(seconds * 1000 for seconds, _ in found)
    return {
        "p50_ms": round(times[len(times) // 2], 2), "p99_ms": round(times[min(len(times) - 1, len(times) * 99 // 100)], 2),
        "calls": len(found), "failed": sum(status != 202 for _, status in found),
    }


def beside_single_events(options, key, aggressor):
    report = multiprocessing.Queue()
    process = multiprocessing.Process(
        target=paced, args=(options.url, aggressor, AGGRESSOR_PER_SECOND, options.seconds + 2, report, 32))
    process.start()
    time.sleep(1)
    result = victim(options, key)
    statuses = collections.Counter(status for _, status in report.get())
    process.join()
    return result | {"aggressor": dict(statuses)}


def beside_large_calls(options, key, aggressor):
    report, stop = multiprocessing.Queue(), multiprocessing.Event()
    process = multiprocessing.Process(
        target=flood, args=(options.url, aggressor, options.under_way, options.events, stop, report))
    process.start()
    time.sleep(1)
    result = victim(options, key)
    stop.set()
    statuses = report.get()
    process.join()
    return result | {"aggressor": statuses}


def run(options):
    opened, shard = open_on(options, None, "pro")
    single, _ = open_on(options, shard, "pro")
    large, _ = open_on(options, shard, "business")
    lifted, _ = open_on(options, shard, "business")
    for account in (opened, single, large):
        grant(options, account, "--quota", UNLIMITED)
    grant(options, lifted, "--quota", UNLIMITED, "--requests-per-second", UNLIMITED, "--bytes-per-second", UNLIMITED)
    key = opened["api_key"]
    victim(argparse.Namespace(**vars(options) | {"seconds": 1}), key)  # warms up
    result = {"alone": victim(options, key)}
    result["single events at ten times the rate"] = beside_single_events(options, key, single["api_key"])
    calls = f"{options.under_way} calls of {options.events:,} events"
    result[calls] = beside_large_calls(options, key, large["api_key"])
    result[f"{calls}, throttle lifted"] = beside_large_calls(options, key, lifted["api_key"])
    for measured in result.values():
        measured["ratio"] = round(measured["p99_ms"] / max(result["alone"]["p99_ms"], 0.01), 2)
    return result


def table(result):
    yield "| the victim | p50 ms | p99 ms | p99 to alone | failed | what the aggressor was answered |"
    yield "|---|---|---|---|---|---|"
    for name, found in result.items():
        answers = ", ".join(f"{count} x {status or 'broken'}" for status, count in sorted(found.get("aggressor", {}).items()))
        title = name if name == "alone" else f"beside {name}"
        yield (f"| {title} | {found['p50_ms']} | {found['p99_ms']} | {found['ratio']} | "
               f"{found['failed']} of {found['calls']} | {answers} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("program", "database", "url"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--format", help=argparse.SUPPRESS)  # what all scripts of this folder are given
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--under-way", type=int, default=48, help="large calls at a time (default %(default)s)")
    parser.add_argument("--events", type=int, default=5_000, help="events in a large call (default %(default)s)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    os.environ["DATABASE_URL"] = options.database
    result = run(options)
    print(json.dumps(result) if options.json else "\n".join(table(result)))


if __name__ == "__main__":
    main()
