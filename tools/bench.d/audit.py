"""The auditor's half of tools/bench: how fast a long log is verified, replayed and exported, beside a plain read of the same data.

usage: audit.py --program RECOUNT --database URL --url URL --key KEY --log FILE --format FORMAT [--events N] [--json]

1. fills the log with N events: FILE is imported again and again with new ids (recount import --repeat);
2. waits until the read models have followed;
3. baseline: PostgreSQL alone reads all batches (COPY … TO STDOUT, thrown away);
4. recount audit verify, audit export and replay --check, each with its time and the most memory that its process had
   (ru_maxrss of getrusage, which is what /usr/bin/time -v prints).

tools/bench audit runs it on a release build and a database of its own; the end-to-end tests run it on a few thousand events.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import time

PATIENCE_S = 3600


def psql(database, statement, output=subprocess.PIPE):
    return subprocess.run(
        ["psql", "-X", "-A", "-t", "-q", "-d", database, "-v", "ON_ERROR_STOP=1", "-c", statement], check=True, stdout=output,
        text=output == subprocess.PIPE).stdout


def number(database, statement):
    return int(psql(database, statement).strip() or 0)


def measure(command, events):
    """Runs a command to its end: its time, its rate, and the most memory it had."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - started
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command[1:]))} failed with {process.returncode}")
    return {
        "seconds": round(seconds, 1), "events_per_second": round(events / max(seconds, 0.001)),
        "max_rss_mb": round(usage.ru_maxrss / 1024, 1),  # Linux counts in KB
    }


def fill(options):
    lines = sum(1 for _ in open(options.log, encoding="utf-8", errors="replace"))
    passes = max(1, math.ceil(options.events / max(lines, 1)))
    return measure(
        [options.program, "import", options.log, "--format", options.format, "--rebase", "now", "--repeat", str(passes),
         "--new-ids", "--url", options.url, "--key", options.key, "--concurrency", "4", "--quiet"], passes * lines)


def wait_for_read_models(database):
    deadline = time.monotonic() + PATIENCE_S
    while number(database, "SELECT coalesce(sum(behind), 1) FROM projector.status") > 0:
        if time.monotonic() > deadline:
            sys.exit("the read models did not follow: is a projector running?")
        time.sleep(0.2)


def read_all(database, events):
    started = time.monotonic()
    with open(os.devnull, "wb") as nowhere:
        psql(database, "COPY (SELECT * FROM log.batches) TO STDOUT", output=nowhere)
    seconds = time.monotonic() - started
    return {"seconds": round(seconds, 1), "events_per_second": round(events / max(seconds, 0.001))}


def run(options):
    imported = fill(options)
    wait_for_read_models(options.database)
    events = number(options.database, "SELECT sum(last_position) FROM log.heads")
    models = number(options.database, "SELECT count(DISTINCT projection) FROM projector.status")
    tables = "SELECT sum(pg_total_relation_size(i.inhrelid)) FROM pg_inherits AS i WHERE i.inhparent = 'log.batches'::regclass"
    result = {"events": events, "read_models": models, "import": imported}
    result["bytes_per_event"] = round(number(options.database, tables) / max(events, 1), 1)
    # Warm for all that follow alike.
    read_all(options.database, events)
    result["baseline"] = read_all(options.database, events)
    result["verify"] = measure([options.program, "audit", "verify"], events)
    result["export"] = measure([options.program, "audit", "export", "--output", os.devnull], events)
    result["replay"] = measure([options.program, "replay", "--check"], events)
    return result


def table(result):
    base = result["baseline"]["events_per_second"]
    rows = [
        ("baseline: PostgreSQL reads all batches (COPY … TO STDOUT)", result["baseline"]),
        ("recount audit verify: hashes, positions, streams, schemas", result["verify"]),
        ("recount audit export: all batches", result["export"]),
        (f"recount replay --check: {result['read_models']} read models and the meters, rebuilt and compared", result["replay"]),
    ]
    yield f"On a log of {result['events']:,} events ({result['bytes_per_event']} bytes each, indexes included):"
    yield ""
    yield "| what | seconds | events/s | ratio to the baseline | memory of the process, MB |"
    yield "|---|---|---|---|---|"
    for name, row in rows:
        rate = row["events_per_second"]
        yield f"| {name} | {row['seconds']} | {rate:,} | {rate / max(base, 1):.2f} | {row.get('max_rss_mb', '')} |"
    yield ""
    yield f"Importing it over HTTP: {result['import']['events_per_second']:,} events/s, {result['import']['max_rss_mb']} MB."


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("program", "database", "url", "key", "log", "format"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--events", type=int, default=10_000_000, help="events to fill the log with (default %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    result = run(options)
    print(json.dumps(result) if options.json else "\n".join(table(result)))


if __name__ == "__main__":
    main()
