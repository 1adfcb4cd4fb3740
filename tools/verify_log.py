#!/usr/bin/env python3
"""Checks a log of Recount from an export alone, trusting neither Recount's program nor its database.

usage: verify_log.py EXPORT [--schemas DIR] [--account ID] [--expect SHARD:POSITION:HASH] [--jsonschema]

EXPORT is what `recount audit export` writes (format batches), plain or gzip, or - for standard input:

    recount audit export | python3 verify_log.py -
    zcat export.jsonl.gz | python3 verify_log.py -

What it establishes, in this order, for each shard (a chain of batches of its own):
 1. the chain: each batch's hash is SHA-256 over the hash before it, its header and its events' text, so that nothing recorded was
    changed, removed from the middle, inserted or moved;
 2. positions: 1, 2, 3, … without a gap, from batch to batch and within each; no batch was recorded before the one it follows;
 3. every event matches the published schema of its type and version (EventSchemas/);
 4. the versions of every stream of domain events are 1, 2, 3, …;
 5. no event was counted twice: no project has the same id and place in a request twice;
 6. every tracked request lies in the month it was charged to, by its own timestamp, and no month took more than the quota
    in force; what the log says of quotas reached agrees with the count;
 7. a correction (telemetry_voided) took exactly the requests that it says, each of which counted until then;
then it counts each account's months itself. The table must equal what /api/v1/usage and the dashboard say.

It ends with 0 when all of it holds, 1 naming the first bad batch of each shard that has one, 2 when there is nothing to read.
What no export alone can tell is whether the newest batches were left out. So note the ends that it prints, and give them
to --expect with a later export: that one must contain them unchanged.

Memory: the log is read line by line. Kept are a few hundred bytes per account, project and stream, and some 160 bytes per id for
the month it was recorded in and the two months before: the log refuses events dated more than 35 days before they arrive
(which is checked), so a copy of an older one cannot come in. The requests' timestamps go to a temporary file, 8 bytes each, for
corrections of requests of any age.

Python 3.9 or later, standard library only. The keywords that the schemas use are checked here; for others, or to have all schemas
checked by the reference library instead (--jsonschema, slower), install the package jsonschema.
"""

import argparse
import array
import collections
import datetime
import gzip
import hashlib
import json
import marshal
import pathlib
import re
import sys
import tempfile
import zlib

DAY_MS = 86_400_000
# The acceptance window (35 days back, 5 minutes ahead), and a day for what waited between the server's clock and the log's.
OLDEST_MS, NEWEST_MS = 36 * DAY_MS, DAY_MS
MONTHS_REMEMBERED = 3
SINGLE = range(1)


class Broken(Exception):
    """What is wrong with a batch, in words for its reader."""


class Unusable(Exception):
    """Why nothing can be checked."""


# --- JSON Schema: the keywords that EventSchemas/ uses ---------------------------------------------------------------------

TYPES = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool) or isinstance(v, float) and v.is_integer(),
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
}
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
ANNOTATIONS = {"$schema", "$id", "title", "description", "contentEncoding"}


class UnknownKeyword(Exception):
    """A schema says more than is understood here."""


def compile_schema(schema):
    """A function that says whether a value matches."""
    checks = [compile_keyword(k, v, schema) for k, v in schema.items() if k not in ANNOTATIONS]
    return lambda value: all(check(value) for check in checks)


def same(value, other):
    """Equality as JSON has it: 1 is 1.0, but true is not 1."""
    return value == other and isinstance(value, bool) == isinstance(other, bool)


def compile_keyword(keyword, argument, schema):
    # A keyword says nothing about values of types that it is not for.
    is_number, is_string, is_array, is_object = (TYPES[t] for t in ("number", "string", "array", "object"))
    if keyword == "type" and isinstance(argument, str):
        return TYPES[argument]
    if keyword == "enum":
        return lambda v: any(same(v, a) for a in argument)
    if keyword == "const":
        return lambda v: same(v, argument)
    if keyword == "minimum":
        return lambda v: not is_number(v) or v >= argument
    if keyword == "maximum":
        return lambda v: not is_number(v) or v <= argument
    if keyword == "minLength":
        return lambda v: not is_string(v) or len(v) >= argument
    if keyword == "maxLength":
        return lambda v: not is_string(v) or len(v) <= argument
    if keyword == "pattern":
        # In Python, $ also matches before a newline at the end.
        pattern = re.compile(re.sub(r"\$$", r"\\Z", argument))
        return lambda v: not is_string(v) or pattern.search(v) is not None
    if keyword == "format" and argument == "uuid":
        return lambda v: not is_string(v) or UUID.match(v) is not None
    if keyword == "required":
        needed = set(argument)
        return lambda v: not is_object(v) or needed <= v.keys()
    if keyword == "properties":
        properties = {name: compile_schema(s) for name, s in argument.items()}
        return lambda v: not is_object(v) or all(check(v[n]) for n, check in properties.items() if n in v)
    if keyword == "additionalProperties" and argument is False:
        known = set(schema.get("properties", ()))
        return lambda v: not is_object(v) or v.keys() <= known
    if keyword == "items":
        item = compile_schema(argument)
        return lambda v: not is_array(v) or all(map(item, v))
    if keyword == "minItems":
        return lambda v: not is_array(v) or len(v) >= argument
    if keyword == "uniqueItems" and argument is True:
        return lambda v: not is_array(v) or len({json.dumps(i, sort_keys=True) for i in v}) == len(v)
    if keyword == "anyOf":
        options = [compile_schema(s) for s in argument]
        return lambda v: any(option(v) for option in options)
    raise UnknownKeyword(keyword)


class Schemas:
    """The public contract of the log: a schema per event type and version."""

    def __init__(self, folder, use_library):
        self.folder = pathlib.Path(folder)
        self.use_library = use_library
        self.checks = {}
        if not any(self.folder.glob("*.v*.json")):
            raise Unusable(f"there are no event schemas in {self.folder}: say where they are with --schemas DIR")

    def check(self, kind, version):
        name = f"{kind}.v{version}"
        if name not in self.checks:
            if not re.fullmatch(r"[a-z_]+\.v[0-9]+", name):
                raise Broken(f"it holds an event of the type {name!r}, which cannot be one")
            path = self.folder / f"{name}.json"
            if not path.is_file():
                raise Broken(f"it holds an event of the type {name}, for which no schema was published")
            self.checks[name] = self.compile(path, json.loads(path.read_text(encoding="utf-8")))
        return self.checks[name]

    def compile(self, path, schema):
        try:
            if not self.use_library:
                return compile_schema(schema)
        except UnknownKeyword:
            pass
        try:
            from jsonschema import Draft202012Validator
        except ImportError:
            raise Unusable(f"checking {path.name} needs the Python package jsonschema 4.18 or later: pip install jsonschema")
        return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).is_valid


# --- the accounts' months --------------------------------------------------------------------------------------------------


class Month:
    """A calendar month of an account's usage."""

    def __init__(self, quota):
        self.used = self.refused = 0
        self.quota = quota


class Account:
    """Whose quota is counted against."""

    def __init__(self, shard):
        self.shard = shard
        self.quota = 0  # an account without a quota may use nothing
        self.months = {}

    def month(self, name):
        if name not in self.months:
            self.months[name] = Month(self.quota)
        return self.months[name]

    def set_quota(self, quota, recorded_month):
        """In force for the month it was set in and those after; past months keep the one they were decided by."""
        self.quota = quota
        for name, month in self.months.items():
            if name >= recorded_month:
                month.quota = quota


def month_of(ms):
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=ms)).strftime("%Y-%m")


def bounds_of(month, cache={}):
    """The first millisecond (UTC) of a month such as 2026-11, and of the next one."""
    if month not in cache:
        year, number = int(month[:4]), int(month[5:])
        epoch = datetime.datetime(1970, 1, 1)
        ends = datetime.datetime(year, number, 1), datetime.datetime(year + number // 12, number % 12 + 1, 1)
        cache[month] = tuple((end - epoch) // datetime.timedelta(milliseconds=1) for end in ends)
    return cache[month]


class Tracked:
    """The timestamps of all tracked requests, on disk: what a correction took can be counted only when it comes."""

    def __init__(self):
        self.file = tempfile.TemporaryFile()
        self.voids = {}  # by shard, project and mode: the stretches taken so far
        self.voided = 0

    def add(self, shard, unit, times):
        source = (shard.number, unit["project_id"], unit["mode"])
        stamps = array.array("q", times).tobytes()
        marshal.dump((source, unit["month"], unit["key_id"], unit["position"], stamps), self.file)

    def take(self, shard, void):
        """How many requests a correction takes, by month and key."""
        source = (shard.number, void["project_id"], void["mode"])
        earlier = self.voids.setdefault(source, [])
        start, end, upto = stretch = (void["from"], void["to"], void["upto_position"])
        counts = collections.Counter()
        for owner, month, key, position, stamps in self.units():
            if owner == source and position <= upto:
                for place, at in enumerate(array.array("q", stamps), position):
                    if start <= at < end and place <= upto and not any(a <= at < b and place <= c for a, b, c in earlier):
                        counts[month, key] += 1
        earlier.append(stretch)
        return counts

    def units(self):
        self.file.seek(0)
        try:
            while True:
                yield marshal.load(self.file)
        except EOFError:
            self.file.seek(0, 2)


# --- the chain -------------------------------------------------------------------------------------------------------------


class Shard:
    """A chain of batches: how far it holds, and what its next batch is held against."""

    def __init__(self, number):
        self.number = number
        self.last_position = 0
        self.last_hash = bytes(32)
        self.recorded_at_us = None
        self.batches = 0
        self.streams = {}
        self.ids = {}  # by the month of recording, then project and id: the places in the request that were taken
        self.fault = None

    def follow(self, batch):
        """The chain, the order and the header of a batch, before a word of its content is believed."""
        first, last, recorded_at = batch["first_position"], batch["last_position"], batch["recorded_at_us"]
        if first != self.last_position + 1:
            raise Broken(
                f"it starts at position {first}, but the next one due is {self.last_position + 1}: a batch before it is missing, "
                "or this one was inserted, doubled or moved")
        if last < first:
            raise Broken(f"it ends at position {last}, before it starts")
        if self.recorded_at_us is not None and recorded_at < self.recorded_at_us:
            raise Broken("it says that it was recorded before the batch that it follows")
        header = f"{self.number} {first} {last} {recorded_at}\n"
        link = hashlib.sha256(self.last_hash + header.encode() + batch["events"].encode("utf-8")).digest()
        if link.hex() != batch["hash"]:
            raise Broken(
                "what it holds does not match its hash: it, its time or place, or the hash before it was changed after it was "
                "recorded")
        return link

    def accept(self, batch, link):
        self.last_position, self.last_hash = batch["last_position"], link
        self.recorded_at_us = batch["recorded_at_us"]
        self.batches += 1

    def take(self, recorded_month, mode, project, event_id, places, position):
        """Notes an id; one that was taken before means an event counted twice."""
        key = int((project + event_id).replace("-", ""), 16)  # a third of the memory of two strings
        if mode == "test":
            key = -key  # test events have ids apart
        for month in self.ids.values():
            taken = month.get(key)
            if taken is not None and not set(taken).isdisjoint(places):
                raise Broken(f"the event at position {position} was counted before: id {event_id} of project {project}")
        if recorded_month not in self.ids:
            self.ids[recorded_month] = {}
            for old in sorted(self.ids)[:-MONTHS_REMEMBERED]:
                del self.ids[old]
        month = self.ids[recorded_month]
        month[key] = places if key not in month else set(month[key]) | set(places)


class Auditor:
    """Reads batch after batch; what it has counted is right as far as each shard holds."""

    def __init__(self, schemas, expected):
        self.schemas = schemas
        self.expected = expected
        self.shards = {}
        self.accounts = {}
        self.projects = {}
        self.tracked = Tracked()

    def read(self, batch, line):
        if not isinstance(batch, dict) or not isinstance(batch.get("shard"), int):
            raise Unusable(f"line {line} is not a batch: this needs the output of `recount audit export --format batches`")
        shard = self.shards.setdefault(batch["shard"], Shard(batch["shard"]))
        if shard.fault:
            return  # what follows a bad batch proves nothing
        try:
            try:
                link = shard.follow(batch)
                self.read_units(shard, batch)
                known = self.expected.pop((shard.number, batch["last_position"]), link.hex())
            except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
                raise Broken(f"it is not in the form of a batch ({type(error).__name__}: {error})")
            if known != link.hex():
                raise Broken("its hash is another than the one noted earlier: the log up to here was written anew")
            shard.accept(batch, link)
        except Broken as reason:
            shard.fault = (batch.get("first_position"), batch.get("last_position"), str(reason))

    def read_units(self, shard, batch):
        position = batch["first_position"]
        recorded_ms = batch["recorded_at_us"] // 1000
        for unit in json.loads(batch["events"]):
            data = unit["data"]
            if unit["position"] != position or not data:
                raise Broken(f"it names position {unit['position']} for the event at position {position}, or has none there")
            matches = self.schemas.check(unit["type"], unit["version"])
            if not all(map(matches, data)):
                bad = next(k for k, event in enumerate(data) if not matches(event))
                raise Broken(
                    f"the event at position {position + bad} does not match the schema {unit['type']}.v{unit['version']}")
            if "stream" in unit:
                self.read_domain(shard, unit, month_of(recorded_ms))
            elif unit["type"] == "request_tracked":
                self.read_telemetry(shard, unit, recorded_ms)
            else:
                self.read_consequence(shard, unit)
            position += len(data)
        if position != batch["last_position"] + 1:
            raise Broken(
                f"it holds events up to position {position - 1}, but its header says up to {batch['last_position']}")

    def account(self, shard, unit):
        account = self.accounts.setdefault(unit["account_id"], Account(shard.number))
        if account.shard != shard.number:
            raise Broken(f"account {unit['account_id']} has events in two shards, {account.shard} and {shard.number}")
        return account

    def read_domain(self, shard, unit, recorded_month):
        stream, version = unit["stream"], unit["stream_version"]
        due = shard.streams.get(stream, 0) + 1
        if version != due or len(unit["data"]) != 1:
            raise Broken(f"version {version} of stream {stream} stands where version {due} is due")
        shard.streams[stream] = version
        if "monthly_quota" in unit["data"][0]:
            self.account(shard, unit).set_quota(unit["data"][0]["monthly_quota"], recorded_month)
        if unit["type"] == "telemetry_voided":
            self.read_void(shard, unit)

    def read_void(self, shard, unit):
        void, account, position = unit["data"][0], self.account(shard, unit), unit["position"]
        if self.projects.get(void["project_id"]) != unit["account_id"] or void["account_id"] != unit["account_id"]:
            raise Broken(f"the event at position {position} voids requests of another account's project")
        if void["upto_position"] >= position:
            raise Broken(f"the event at position {position} voids what was recorded after it")
        said = {(c["month"], c["key_id"]): c["events"] for c in void["counts"]}
        counts = self.tracked.take(shard, void)
        if said != counts or len(said) != len(void["counts"]):
            raise Broken(
                f"the event at position {position} says that it voids {sum(said.values()):,} requests, but of its stretch "
                f"{sum(counts.values()):,} counted, or others")
        self.tracked.voided += sum(counts.values())
        if void["mode"] == "live":
            for (month, _), events in counts.items():
                account.month(month).used -= events

    def read_telemetry(self, shard, unit, recorded_ms):
        account, position, data = self.account(shard, unit), unit["position"], unit["data"]
        if self.projects.setdefault(unit["project_id"], unit["account_id"]) != unit["account_id"]:
            raise Broken(f"project {unit['project_id']} has events of two accounts")
        times = [event["timestamp"] for event in data]
        low, high = bounds_of(unit["month"])
        if not low <= min(times) <= max(times) < high:
            raise Broken(f"from position {position} it charges requests to {unit['month']} that were served in another month")
        if min(times) < recorded_ms - OLDEST_MS or max(times) > recorded_ms + NEWEST_MS:
            raise Broken(f"from position {position} it holds requests dated too long before, or after, they were recorded")
        self.take_ids(shard, unit, month_of(recorded_ms))
        self.tracked.add(shard, unit, times)
        if unit["mode"] == "live":  # test events never count
            month = account.month(unit["month"])
            month.used += len(data)
            if month.used > month.quota:
                raise Broken(
                    f"account {unit['account_id']} was let use {month.used:,} in {unit['month']}, more than its quota of "
                    f"{month.quota:,}")

    def take_ids(self, shard, unit, recorded_month):
        project, position, count = unit["project_id"], unit["position"], len(unit["data"])
        if "event_ids" in unit:
            if len(unit["event_ids"]) != count:
                raise Broken(f"the events from position {position} do not have one id each")
            for k, event_id in enumerate(unit["event_ids"]):
                if event_id is not None:
                    shard.take(recorded_month, unit["mode"], project, event_id, SINGLE, position + k)
        elif "batch_id" in unit:
            places = unit.get("ordinals", range(count))
            if len(set(places)) != count:
                raise Broken(f"the request from position {position} holds the same event twice")
            shard.take(recorded_month, unit["mode"], project, unit["batch_id"], places, position)

    def read_consequence(self, shard, unit):
        """What an append noted beside the requests: what it turned away, and quotas that it reached."""
        event, account = unit["data"][0], self.account(shard, unit)
        if unit["type"] == "intake_tallied":
            if unit["mode"] == "live" and event["refused"] > 0:
                account.month(unit["month"]).refused += event["refused"]
        elif unit["type"] in ("quota_threshold_reached", "quota_exceeded"):
            month = account.month(unit["month"])
            if (event["used"], event["limit"]) != (month.used, month.quota):
                raise Broken(
                    f"it says that {event['used']:,} of {event['limit']:,} were used in {unit['month']}, but the events make "
                    f"{month.used:,} of {month.quota:,}")


# --- what is said of it ----------------------------------------------------------------------------------------------------


def show_usage(auditor, only):
    rows = [
        (account_id, name, month)
        for account_id, account in sorted(auditor.accounts.items()) if only in (None, account_id)
        for name, month in sorted(account.months.items())
    ]
    if not rows:
        print("\nNo account used anything." if only is None else f"\nAccount {only} used nothing.")
        return
    print(f"\n{'account':36}  {'month':7}  {'used':>12}  {'refused':>12}  {'quota':>12}")
    for account_id, name, month in rows:
        print(f"{account_id:36}  {name:7}  {month.used:12,}  {month.refused:12,}  {month.quota:12,}")
    if auditor.tracked.voided:
        print(f"\n{auditor.tracked.voided:,} requests were voided by their owners and are not among these.")


def report(auditor, only):
    shards = [auditor.shards[number] for number in sorted(auditor.shards)]
    for shard in shards:
        if shard.fault:
            first, last, reason = shard.fault
            print(f"The log can NOT be trusted: shard {shard.number}, events {first} to {last}: {reason}.")
            print(f"  Before them in that shard, {shard.last_position:,} events hold together; what follows proves nothing.")
    for (number, position), _ in sorted(auditor.expected.items()):
        if number not in auditor.shards or not auditor.shards[number].fault:
            print(
                f"The log can NOT be trusted: shard {number} has no batch that ends at position {position} any more: "
                "its end was cut off or written anew.")
    if auditor.expected or any(shard.fault for shard in shards):
        return 1
    events, batches = sum(s.last_position for s in shards), sum(s.batches for s in shards)
    print(
        f"None of the {events:,} events in {batches:,} batches was changed, removed, inserted or moved after it was recorded.\n"
        "Each matches its published schema, each was counted once, and no quota was overrun.")
    show_usage(auditor, only)
    print("\nNote where the log ends now, and give these to --expect with a later export, which must contain them unchanged:")
    for shard in shards:
        print(f"  {shard.number}:{shard.last_position}:{shard.last_hash.hex()}")
    return 0


def expectation(text):
    match = re.fullmatch(r"(\d+):(\d+):([0-9a-f]{64})", text)
    if not match:
        raise argparse.ArgumentTypeError(f"found {text}; allowed: a line that this program printed, SHARD:POSITION:HASH")
    return (int(match[1]), int(match[2])), match[3]


def open_export(path):
    stream = sys.stdin.buffer if path == "-" else open(path, "rb")
    return gzip.open(stream) if stream.peek(2)[:2] == b"\x1f\x8b" else stream


def run(arguments):
    auditor = Auditor(Schemas(arguments.schemas, arguments.jsonschema), dict(arguments.expect))
    with auditor.tracked.file, open_export(arguments.export) as lines:
        for number, line in enumerate(lines, 1):
            try:
                batch = json.loads(line)
            except ValueError:
                raise Unusable(f"line {number} is not JSON: the export was cut off or damaged; export again")
            auditor.read(batch, number)
    if not auditor.shards:
        raise Unusable("the export is empty: there is nothing to check")
    return report(auditor, arguments.account and arguments.account.lower())


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.partition("\n\n")[0], epilog="All about it stands at the top of this file.")
    parser.add_argument("export", metavar="EXPORT", help="what `recount audit export` wrote, plain or gzip; - for standard input")
    beside = pathlib.Path(__file__).resolve().parent.parent / "EventSchemas"
    parser.add_argument("--schemas", metavar="DIR", default=beside, help="the published event schemas (default: %(default)s)")
    parser.add_argument("--account", metavar="ID", help="show the usage of this account alone; all is checked all the same")
    parser.add_argument(
        "--expect", metavar="SHARD:POSITION:HASH", type=expectation, action="append", default=[],
        help="an end of the log that an earlier run printed; repeat for more")
    parser.add_argument("--jsonschema", action="store_true", help="check all schemas by the package jsonschema (slower)")
    try:
        return run(parser.parse_args())
    except (Unusable, OSError, EOFError, zlib.error) as error:
        print(f"verify_log.py: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
