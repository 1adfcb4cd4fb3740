#!/usr/bin/env python3
"""Checks a log of Recount from an export alone, trusting neither Recount's program nor its database.

usage: verify_log.py EXPORT [--checkpoint FILE] [--key KEY] [--schemas DIR] [--account ID] [--jsonschema]
       verify_log.py --statement FILE [EXPORT] [--key KEY]
       verify_log.py --event FILE [EXPORT] [--key KEY]
       verify_log.py --proof FILE [--key KEY]

EXPORT is what `recount audit export` writes (format batches), plain or gzip, or - for standard input:

    recount audit export | python3 verify_log.py -
    zcat export.jsonl.gz | python3 verify_log.py -

What it establishes, in this order, for each shard (a chain of batches of its own):
 1. the chain: each batch's hash is SHA-256 over the hash before it, its header and its events' text, so that nothing recorded was
    changed, removed from the middle, inserted or moved;
 2. positions: 1, 2, 3, … without a gap, from batch to batch and within each; no batch was recorded before the one it follows;
 3. every event matches the published schema of its type and version (EventSchemas/);
 4. the versions of every stream of domain events are 1, 2, 3, …;
 5. no event was counted twice: no project has the same id and ordinal in a call twice;
 6. every tracked request lies in the month it was charged to, by its own timestamp, and no month took more than the quota
    in force, live and test events apart (the first release did not meter test events: they are held against their quota from the
    shard's first event on that it did not write yet); what the log says of quotas reached agrees with the count;
 7. a void (telemetry_voided) took exactly the requests that it says, each of which counted until then, and gave the quota
    back only where it says so;
then it counts each account's months itself. The tables must equal what /api/v1/usage and the dashboard say.

It ends with 0 when all of it holds, 1 naming the first bad batch of each shard that has one, 2 when there is nothing to read.
What no export alone can tell is whether the newest batches were left out, or the whole log was written anew, hashes and all.
So save what /.well-known/recount/checkpoints answers, or `recount audit checkpoint` writes, where the operator can't
reach it, and give it to --checkpoint with a later export: it must contain, unchanged, all that those checkpoints were signed for
(position, hash of the chain, and root of the Merkle tree of RFC 6962, all recomputed). Several of a shard close in on the fault.

KEY, or a file that holds it, is the public key that was noted when the checkpoints were saved (/.well-known/recount/key). It
proves that the operator signed them: without it they are worth what their keeper is.

--statement checks an account's monthly statement: its signature, and that the batch it is as of is part of the log that the
checkpoint within it was signed for. With an EXPORT, the whole log's (batches) or the account's own (cloudevents, unfiltered, from
/api/v1/accounts/ID/export), it counts the requests again. --event checks a request as /api/v1/projects/ID/events/POSITION answers
it: that its batch is part of the log that the checkpoint within it was signed for; with an EXPORT of the whole log, also that just this
request stands there. --proof checks what `recount audit prove` prints.

Memory: the log is read line by line. Kept are a few hundred bytes per account, project and stream, and some 160 bytes per id for
the month it was recorded in and the two months before: the log refuses events dated more than 35 days before they arrive
(which is checked), so a copy of an older one cannot come in. The requests' timestamps go to a temporary file, 8 bytes each, for
voids of requests of any age.

Python 3.9 or later, standard library only, signatures (Ed25519) included. The keywords that the schemas use are checked here; for
others, or to have all schemas checked by the reference library instead (--jsonschema, slower), install the package jsonschema.
"""

import argparse
import array
import base64
import collections
import datetime
import gzip
import hashlib
import json
import math
import marshal
import pathlib
import re
import sys
import tempfile
import unicodedata
import zlib

DAY_MS = 86_400_000
# The acceptance window (35 days back, 5 minutes ahead), and a day for what waited between the server's clock and the log's.
OLDEST_MS, NEWEST_MS = 36 * DAY_MS, DAY_MS
MONTHS_REMEMBERED = 3
SINGLE = range(1)
# Test events of a month, by the tier that the event which set the quota names; of any other as of free.
TEST_QUOTAS = {"business": 50_000, "pro": 10_000}
FREE_TEST_QUOTA = 1_000
# Written since test events are metered, and not before.
SINCE_METERED = {"telemetry_voided": 2, "intake_tallied": 2}


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
    """A calendar month of an account's usage, live or test."""

    def __init__(self, quota):
        self.used = self.refused = 0
        self.voided = 0  # left the numbers and stays used: the month's calls are used - voided
        self.quota = quota


class Account:
    """Whose quota is counted against."""

    def __init__(self, shard):
        self.shard = shard
        self.paid = {"live": 0, "test": 0}  # an account without a quota may use nothing
        self.granted, self.granted_until = {"live": 0, "test": 0}, None
        self.kept, self.kept_upto = {"live": 0, "test": 0}, ""  # of the month of the last change, and those before it
        self.months = {}  # by name and mode

    def month(self, name, mode="live"):
        if (name, mode) not in self.months:
            self.months[name, mode] = Month(self.quota(name, mode))
        return self.months[name, mode]

    def quota(self, name, mode):
        """The highest of what it pays for, what it was granted until a time after the month's beginning, and what the month keeps."""
        quota = self.paid[mode]
        if self.granted_until is None or self.granted_until > bounds_of(name)[0]:
            quota = max(quota, self.granted[mode])
        return max(quota, self.kept[mode]) if name <= self.kept_upto else quota

    def set_quota(self, kind, event, recorded_month):
        """In force for the month it was set in and those after; past months keep the one they were decided by."""
        if "monthly_quota" in event:
            test = event.get("test_quota", TEST_QUOTAS.get(event.get("tier"), FREE_TEST_QUOTA))
            self.paid = {"live": event["monthly_quota"], "test": test}
            if kind == "tier_changed":
                self.kept_upto = ""  # version 1 names no month: it counted at once
        else:
            self.granted = {"live": event.get("granted_quota", 0), "test": event.get("granted_test_quota", 0)}
            self.granted_until = event.get("until")
        if event.get("month"):
            self.kept = {"live": event["month_quota"], "test": event["month_test_quota"]}
            self.kept_upto = event["month"]
        for (name, mode), month in self.months.items():
            if name >= recorded_month:
                month.quota = self.quota(name, mode)


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
    """The timestamps of all tracked requests, on disk: what a void took can be counted only when it comes."""

    def __init__(self, statement=None):
        self.statement = statement
        self.file = tempfile.TemporaryFile()
        self.voids = {}  # by shard, project and mode: the spans taken so far
        self.voided = 0

    def add(self, shard, unit, times):
        source = (shard.number, unit["project_id"], unit["mode"])
        stamps = array.array("q", times).tobytes()
        marshal.dump((source, unit["month"], unit["key_id"], unit["position"], stamps), self.file)
        if self.statement:
            for at in times:
                self.statement.count(unit["account_id"], unit["project_id"], unit["mode"], unit["month"], at, 1)

    def take(self, shard, void):
        """How many requests a void takes, by month and key."""
        source = (shard.number, void["project_id"], void["mode"])
        earlier = self.voids.setdefault(source, [])
        start, end, upto = span = (void["from"], void["to"], void["upto_position"])
        counts = collections.Counter()
        for owner, month, key, position, stamps in self.units():
            if owner == source and position <= upto:
                for event, at in enumerate(array.array("q", stamps), position):
                    if start <= at < end and event <= upto and not any(a <= at < b and event <= c for a, b, c in earlier):
                        counts[month, key] += 1
                        if self.statement:
                            self.statement.count(void["account_id"], void["project_id"], void["mode"], month, at, -1)
                            if not void.get("gives_back_quota", True):
                                self.statement.keep(void["account_id"], void["mode"], month)
        earlier.append(span)
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
        self.senders = {}  # by sender and number: when it was recorded last, the oldest first
        self.ids = {}  # by the month of recording, then project and id: the ordinals in the call that were taken
        self.fault = None
        self.is_test_metered = False
        self.tree = Tree()
        self.held = None  # the last checkpoint that was found to hold
        self.due = []  # checkpoints to come, those of the fewest batches first

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
                "what it holds does not match its hash: it, its time or positions, or the hash before it was changed after it was "
                "recorded")
        return link

    def judge(self, tree, position, link):
        """Holds what the shard is with one more batch against the checkpoints signed for so many."""
        while self.due and self.due[0].size == tree.size:
            checkpoint = self.due[0]
            if (checkpoint.position, checkpoint.chain, checkpoint.root) != (position, link, tree.root()):
                reason = f"it is not what the checkpoint of {checkpoint.time} was signed for: the log up to here was written anew"
                if self.held:
                    reason += f"; up to the checkpoint of {self.held.time}, position {self.held.position}, it is as it was"
                raise Broken(reason)
            self.held = self.due.pop(0)

    def accept(self, batch, link):
        self.tree.append(link)
        self.judge(self.tree, batch["last_position"], link)
        self.last_position, self.last_hash = batch["last_position"], link
        self.recorded_at_us = batch["recorded_at_us"]
        self.batches += 1

    def take(self, recorded_month, mode, project, event_id, ordinals, position):
        """Notes an id; one that was taken before means an event counted twice."""
        key = int((project + event_id).replace("-", ""), 16)  # a third of the memory of two strings
        if mode == "test":
            key = -key  # test events have ids apart
        for month in self.ids.values():
            taken = month.get(key)
            if taken is not None and not set(taken).isdisjoint(ordinals):
                raise Broken(
                    f"the event at position {position} was counted before: id {event_id} of project {project}")
        if recorded_month not in self.ids:
            self.ids[recorded_month] = {}
            for old in sorted(self.ids)[:-MONTHS_REMEMBERED]:
                del self.ids[old]
        month = self.ids[recorded_month]
        month[key] = ordinals if key not in month else set(month[key]) | set(ordinals)


class Auditor:
    """Reads batch after batch; what it has counted is right as far as each shard holds."""

    def __init__(self, schemas, checkpoints=(), statement=None):
        self.schemas = schemas
        self.statement = statement
        self.shards = {}
        for checkpoint in sorted(checkpoints, key=lambda c: c.size):
            self.shard(checkpoint.shard).due.append(checkpoint)
        for shard in self.shards.values():
            try:
                shard.judge(shard.tree, 0, shard.last_hash)
            except Broken as reason:
                shard.fault = (0, 0, str(reason))
        self.accounts = {}
        self.projects = {}
        self.tracked = Tracked(statement)

    def shard(self, number):
        return self.shards.setdefault(number, Shard(number))

    def read(self, batch, line):
        if not isinstance(batch, dict) or not isinstance(batch.get("shard"), int):
            raise Unusable(f"line {line} is not a batch: this needs the output of `recount audit export --format batches`")
        shard = self.shard(batch["shard"])
        if shard.fault:
            return  # what follows a bad batch proves nothing
        try:
            try:
                link = shard.follow(batch)
                self.read_units(shard, batch)
                shard.accept(batch, link)
                if self.statement:
                    self.statement.reach(shard.number, batch["last_position"], link)
            except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
                raise Broken(f"it is not in the form of a batch ({type(error).__name__}: {error})")
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
            if unit["version"] >= SINCE_METERED.get(unit["type"], math.inf):
                shard.is_test_metered = True
            if "stream" in unit:
                self.read_domain(shard, unit, month_of(recorded_ms))
            elif unit["type"] == "request_tracked":
                self.read_telemetry(shard, unit, recorded_ms)
            elif unit["type"] == "sender_heard":
                self.read_sender(shard, unit, recorded_ms)
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
        if "monthly_quota" in unit["data"][0] or unit["type"] == "account_granted":
            self.account(shard, unit).set_quota(unit["type"], unit["data"][0], recorded_month)
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
                f"the event at position {position} says that it voids {sum(said.values()):,} requests, but of its span "
                f"{sum(counts.values()):,} counted, or others")
        self.tracked.voided += sum(counts.values())
        for (name, _), events in counts.items():
            month = account.month(name, void["mode"])
            if void.get("gives_back_quota", True):  # in version 1 all did
                month.used -= events
            else:
                month.voided += events

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
        month = account.month(unit["month"], unit["mode"])
        month.used += len(data)
        if month.used > month.quota and (unit["mode"] == "live" or shard.is_test_metered):
            raise Broken(
                f"account {unit['account_id']} was let use {month.used:,} in {unit['month']}, more than its "
                f"{'quota' if unit['mode'] == 'live' else 'test quota'} of {month.quota:,}")

    def take_ids(self, shard, unit, recorded_month):
        project, position, count = unit["project_id"], unit["position"], len(unit["data"])
        if "event_ids" in unit:
            if len(unit["event_ids"]) != count:
                raise Broken(f"the events from position {position} do not have one id each")
            for k, event_id in enumerate(unit["event_ids"]):
                if event_id is not None:
                    shard.take(recorded_month, unit["mode"], project, event_id, SINGLE, position + k)
        elif "batch_id" in unit:
            ordinals = unit.get("ordinals", range(count))
            if len(set(ordinals)) != count:
                raise Broken(f"the call from position {position} holds the same event twice")
            shard.take(recorded_month, unit["mode"], project, unit["batch_id"], ordinals, position)

    def read_sender(self, shard, unit, recorded_ms):
        """A sender's batch, once for as long as its number is kept: it bears no time that could be refused, so later it may be there again."""
        event, project, position = unit["data"][0], unit["project_id"], unit["position"]
        self.account(shard, unit)
        if len(unit["data"]) != 1:
            raise Broken(f"the unit at position {position} holds more than one batch of a sender")
        if self.projects.setdefault(project, unit["account_id"]) != unit["account_id"]:
            raise Broken(f"project {project} has events of two accounts")
        sender, sequence = event["sender_id"], event["sequence"]
        key = (project, unit["mode"], sender, sequence)
        taken = shard.senders.pop(key, None)
        if taken is not None and recorded_ms - taken <= OLDEST_MS - DAY_MS:
            raise Broken(f"the event at position {position} was counted before: batch {sequence:,} of sender {sender}")
        shard.senders[key] = recorded_ms
        while recorded_ms - next(iter(shard.senders.values())) > OLDEST_MS:
            del shard.senders[next(iter(shard.senders))]

    def read_consequence(self, shard, unit):
        """What an append noted beside the requests: what it turned away, and quotas that it reached."""
        event, account = unit["data"][0], self.account(shard, unit)
        if unit["type"] == "intake_tallied":
            if event["refused"] > 0:
                account.month(unit["month"], unit["mode"]).refused += event["refused"]
        elif unit["type"] in ("quota_threshold_reached", "quota_exceeded"):
            month = account.month(unit["month"])
            if (event["used"], event["limit"]) != (month.used, month.quota):
                raise Broken(
                    f"it says that {event['used']:,} of {event['limit']:,} were used in {unit['month']}, but the events make "
                    f"{month.used:,} of {month.quota:,}")


# --- signatures: Ed25519 (RFC 8032) ----------------------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
# Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z. Nothing here is secret, so nothing need take constant time.
NEUTRAL = (0, 1, 1, 0)


def add_points(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply_point(n, p):
    result = NEUTRAL
    while n:
        if n & 1:
            result = add_points(result, p)
        p, n = add_points(p, p), n >> 1
    return result


def decode_point(data):
    """A point from its 32 bytes: y, and in the last bit whether x is odd. None for what is no point."""
    number = int.from_bytes(data, "little")
    odd, y = number >> 255, number & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and odd):
        return None
    return (x if x & 1 == odd else P - x, y, 1, (x if x & 1 == odd else P - x) * y % P)


BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(public, message, signature):
    """Whether an Ed25519 signature of a message is by this public key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = decode_point(public), decode_point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    one, other = multiply_point(scalar, BASE), add_points(commitment, multiply_point(challenge, key))
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


class Key:
    """A public key for signed notes (c2sp.org/signed-note): NAME+ID+BASE64."""

    def __init__(self, text):
        self.text = text.strip()
        try:
            self.name, number, data = self.text.split("+", 2)
            data = base64.b64decode(data, validate=True)
            kind, self.public = data[:1], data[1:]
            self.id = hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4]
        except ValueError:
            raise Unusable(f"found {self.text[:60]!r} as the key; allowed: NAME+ID+BASE64, as /.well-known/recount/key gives it")
        if kind != b"\x01" or len(self.public) != 32 or self.id.hex() != number:
            raise Unusable(f"the key {self.text[:60]!r} is damaged: its id, or its kind, is not that of an Ed25519 key for notes")


class Note:
    """A text and its signatures."""

    def __init__(self, text):
        head, gap, tail = text.rpartition("\n\n")
        self.text, self.signatures = head + "\n", []
        for line in tail.splitlines():
            match = re.fullmatch(r"\u2014 (\S+) ([A-Za-z0-9+/]+=*)", line)
            if not match or len(match[2]) % 4:
                raise Unusable(f"found {line[:60]!r} where a signed note has a signature")
            data = base64.b64decode(match[2])
            self.signatures.append((match[1], data[:4], data[4:]))
        if not gap or not self.signatures:
            raise Unusable("it is not a signed note: it has no signature")

    def verify(self, key, what):
        """Does nothing without a key, which is said at the end."""
        if key is None:
            return
        own = [signature for name, number, signature in self.signatures if (name, number) == (key.name, key.id)]
        if not own:
            raise Broken(f"{what} is not signed by the key {key.text}")
        if not all(is_signed(key.public, self.text.encode(), signature) for signature in own):
            raise Broken(f"{what} was changed after it was signed, or never signed: its signature does not belong to it")


# --- checkpoints and the Merkle tree (RFC 6962) ----------------------------------------------------------------------------


def leaf_hash(data):
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A Merkle tree over leaves that come one after another: its complete subtrees, the largest first."""

    def __init__(self):
        self.size, self.subtrees = 0, []

    def append(self, data):
        joined, size = leaf_hash(data), self.size
        while size & 1:
            joined, size = node_hash(self.subtrees.pop(), joined), size >> 1
        self.subtrees.append(joined)
        self.size += 1

    def root(self):
        if not self.subtrees:
            return hashlib.sha256(b"").digest()
        joined = self.subtrees[-1]
        for left in reversed(self.subtrees[:-1]):
            joined = node_hash(left, joined)
        return joined


def root_from(leaf, index, size, proof):
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2); None where it leads nowhere."""
    if not 0 <= index < size:
        return None
    last = size - 1
    for sibling in proof:
        if last == 0:
            return None
        if index & 1 or index == last:
            leaf = node_hash(sibling, leaf)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            leaf = node_hash(leaf, sibling)
        index, last = index >> 1, last >> 1
    return leaf if last == 0 else None


class Checkpoint:
    """What a shard was at a moment (c2sp.org/tlog-checkpoint)."""

    FORM = re.compile(
        r"(\S+/shard-\d+)\n(\d+)\n([A-Za-z0-9+/]{43}=)\nshard (\d+)\nposition (\d+)\nchain ([0-9a-f]{64})\ntime (\S+)\n")

    def __init__(self, note, key):
        match = self.FORM.fullmatch(note.text)
        if not match or not match[1].endswith(f"/shard-{match[4]}"):
            raise Unusable(f"found {note.text[:60]!r} where a checkpoint of Recount should be")
        self.size, self.shard, self.position = int(match[2]), int(match[4]), int(match[5])
        self.root, self.chain = base64.b64decode(match[3]), bytes.fromhex(match[6])
        self.time = match[7]
        note.verify(key, f"the checkpoint of shard {self.shard} of {self.time}")


def read_checkpoints(path, key):
    """Notes one after another, an empty line between them: a checkpoint's text has none of its own."""
    parts = pathlib.Path(path).read_text(encoding="utf-8").replace("\r\n", "\n").strip("\n").split("\n\n")
    if len(parts) % 2:
        raise Unusable(f"{path} does not hold signed checkpoints: save what /.well-known/recount/checkpoints answers")
    return [Checkpoint(Note(f"{text}\n\n{signatures}"), key) for text, signatures in zip(parts[::2], parts[1::2])]


class Inclusion:
    """A proof that a batch is part of the log that a checkpoint was signed for."""

    def __init__(self, proof, key):
        try:
            self.shard, self.last_position = proof["shard"], proof["last_position"]
            self.batch, self.chain = proof["batch"], bytes.fromhex(proof["chain_hash"])
            hashes = [base64.b64decode(text, validate=True) for text in proof["hashes"]]
            self.checkpoint = Checkpoint(Note(proof["checkpoint"]), key)
            root = root_from(leaf_hash(self.chain), self.batch, self.checkpoint.size, hashes)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unusable(f"it is no inclusion proof ({type(error).__name__}: {error})")
        if (self.shard, root) != (self.checkpoint.shard, self.checkpoint.root):
            raise Broken(
                f"the proof does not lead from the batch that ends at position {self.last_position} of shard {self.shard} to the "
                f"root that the checkpoint of {self.checkpoint.time} was signed for")

    def __str__(self):
        return (
            f"batch {self.batch} of shard {self.shard}, which ends at position {self.last_position}, is part of the log that the "
            f"checkpoint of {self.checkpoint.time} was signed for")


# --- an account's monthly statement ----------------------------------------------------------------------------------------


class Statement:
    """Live requests of an account's month by project and day, as of a position, and what they are when counted again."""

    def __init__(self, path, key):
        try:
            said = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
            note = Note(said.pop("note"))
            title, text = note.text.splitlines()
            self.account, self.month, self.position = said["account_id"], said["month"], said["last_position"]
            self.days = {(row["project_id"], row["day"]): row["requests"] for row in said["usage"]}
            self.total, self.issued_at, inclusion = said["total"], said["issued_at"], said["inclusion"]
            # The first release's say nothing of what was voided and stays used, for there was none.
            self.voided = said.get("voided", 0)
            self.used = said.get("used", self.total)
            signed = json.loads(text)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unusable(f"{path} is no statement ({type(error).__name__}: {error})")
        note.verify(key, "the statement")
        if signed != said or not title.endswith("/statement"):
            raise Broken("the statement shows something else than what was signed")
        self.inclusion = Inclusion(inclusion, key)
        if (self.inclusion.shard, self.inclusion.last_position) != (said["shard"], self.position):
            raise Broken("the statement is as of another position than its proof")
        if len(self.days) != len(said["usage"]) or sum(self.days.values()) != self.total:
            raise Broken(f"the statement's days do not make up its total, {self.total:,}")
        if self.used != self.total + self.voided:
            raise Broken(f"the statement's {self.used:,} used are not its {self.total:,} calls and {self.voided:,} voided")
        if not all(day.startswith(self.month + "-") for _, day in self.days):
            raise Broken(f"the statement has days outside of {self.month}")
        self.counted, self.kept, self.reached = collections.Counter(), 0, False

    def count(self, account, project, mode, month, at, requests):
        if (account, mode, month, self.reached) == (self.account, "live", self.month, False):
            self.counted[project, day_of(at)] += requests

    def keep(self, account, mode, month):
        """A request was voided that stays used."""
        if (account, mode, month, self.reached) == (self.account, "live", self.month, False):
            self.kept += 1

    def reach(self, shard, position, link):
        """The log up to a position has been counted."""
        if (shard, position) == (self.inclusion.shard, self.position):
            if link != self.inclusion.chain:
                raise Broken("its hash is another than the one that the statement proves: this is not the log it was made from")
            self.reached = True

    def compare(self, source):
        if not self.reached:
            raise Broken(f"{source} does not reach position {self.position}, which the statement is as of")
        counted = +self.counted
        for project, day in sorted(self.days.keys() | counted.keys()):
            said, found = self.days.get((project, day), 0), counted[project, day]
            if said != found:
                raise Broken(f"the statement says {said:,} requests of project {project} on {day}, but {source} holds {found:,}")
        if self.voided != self.kept:
            raise Broken(f"the statement says {self.voided:,} requests voided and still used, but {source} holds {self.kept:,}")

    def count_cloudevents(self, path):
        """Twice through the account's own export: what voids took is known only at its end."""
        voids = []
        for first in (True, False):
            with open_export(path) as lines:
                for line in lines:
                    event = json.loads(line)
                    shard, _, position = event["id"].partition("/")
                    position, kind, data = int(position), event["type"].split(".")[2], event["data"]
                    if int(shard) != self.inclusion.shard or position > self.position:
                        continue
                    owner = (event.get("subject") or "").split("/")
                    if first and kind == "telemetry_voided" and data["mode"] == "live":
                        voids.append((
                            position, data["project_id"], data["from"], data["to"], data["upto_position"],
                            data.get("gives_back_quota", True)))
                    elif not first and kind == "request_tracked":
                        taken = [
                            (void, gives_back) for void, project, start, end, upto, gives_back in voids
                            if owner[1] == project and start <= data["timestamp"] < end and position <= upto
                        ] if event["mode"] == "live" else []
                        if not taken:
                            self.count(owner[0], owner[1], event["mode"], event["month"], data["timestamp"], 1)
                        elif not min(taken)[1]:  # the first void took it
                            self.keep(owner[0], event["mode"], event["month"])
        self.reached = True


# --- a request by its position ---------------------------------------------------------------------------------------------


def ms_of(text):
    """Milliseconds since 1970 of a time as the API writes it."""
    moment = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=datetime.timezone.utc)
    return round((moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) / datetime.timedelta(milliseconds=1))


class Event:
    """A request, its batch, and the proof that the batch is part of the log."""

    # What the API calls it, and what the log does.
    NAMES = {
        "path": "endpoint", "template": "template", "method": "method", "status_code": "status_code",
        "response_time_ms": "response_time_ms", "consumer": "consumer", "release": "release", "error": "error",
        "request_bytes": "request_bytes", "response_bytes": "response_bytes"}

    def __init__(self, path, key):
        try:
            self.said = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
            self.shard, self.position, batch = self.said["shard"], self.said["position"], self.said["batch"]
            self.last_position, self.link = batch["last_position"], bytes.fromhex(batch["hash"])
            self.place = (self.shard, batch["first_position"], self.last_position, batch["recorded_at_us"], batch["hash"])
            leaf, proof = base64.b64decode(self.said["leaf_hash"], validate=True), self.said["inclusion"]
            request = self.said["request"]
            self.request = {name: request[name] for name in self.NAMES} | {
                "timestamp": ms_of(request["timestamp"]), "project_id": self.said["project_id"], "mode": self.said["mode"],
                "key_id": request["key_id"], "id": request["id"], "ordinal": request["ordinal"], "type": "request_tracked"}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unusable(f"{path} is no request as the API answers it ({type(error).__name__}: {error})")
        if leaf != leaf_hash(self.link):
            raise Broken("the request's leaf hash is not that of its batch")
        self.inclusion, self.found = proof and Inclusion(proof, key), False
        if self.inclusion and (self.inclusion.shard, self.inclusion.last_position, self.inclusion.chain) != (
                self.shard, self.last_position, self.link):
            raise Broken("the proof is of another batch than the request's")

    def look(self, batch):
        """Holds what is said of the request against the batch of an export that holds it, whose hash has been checked."""
        if batch["shard"] != self.shard or not batch["first_position"] <= self.position <= batch["last_position"]:
            return
        names = ("shard", "first_position", "last_position", "recorded_at_us", "hash")
        if tuple(batch[name] for name in names) != self.place:
            raise Broken(f"the batch that holds position {self.position} is another one in the export")
        try:
            held = self.held(next(u for u in reversed(json.loads(batch["events"])) if u["position"] <= self.position))
        except (LookupError, TypeError, AttributeError, StopIteration):
            raise Broken(f"at position {self.position} the log holds no request")
        for name, value in self.request.items():
            if value != held[name]:
                raise Broken(f"the request has {name} {value!r}, but at position {self.position} the log holds {held[name]!r}")
        self.found = True

    def held(self, unit):
        place = self.position - unit["position"]
        recorded, ids = unit["data"][place], unit.get("event_ids")
        return {name: recorded.get(logged) for name, logged in self.NAMES.items()} | {
            "timestamp": recorded.get("timestamp"), "project_id": unit.get("project_id"), "mode": unit.get("mode"),
            "key_id": unit.get("key_id"), "id": (ids[place] if ids else None) or unit.get("batch_id"),
            "ordinal": 0 if ids else unit.get("ordinals", range(len(unit["data"])))[place], "type": unit["type"]}


def day_of(ms, cache={}):
    day = ms // DAY_MS
    if day not in cache:
        cache[day] = (datetime.date(1970, 1, 1) + datetime.timedelta(days=day)).isoformat()
    return cache[day]


# --- what is said of it ----------------------------------------------------------------------------------------------------


def plain(text):
    """As part of one line: what could act on a terminal, forge a line or turn the order of what stands around it is written out."""
    def acts(character):
        return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Cs") and character not in "\u200c\u200d"

    return "".join(f"\\u{{{ord(character):x}}}" if acts(character) else character for character in str(text))


def say(text, file=None):
    """The only way to the reader: an export quotes strangers."""
    print("\n".join(map(plain, text.split("\n"))), file=file)


def show_usage(auditor, only):
    rows = [
        (mode, account_id, name, month)
        for account_id, account in sorted(auditor.accounts.items()) if only in (None, account_id)
        for (name, mode), month in sorted(account.months.items())
    ]
    if not rows:
        say("\nNo account used anything." if only is None else f"\nAccount {only} used nothing.")
        return
    for mode, title in (("live", ""), ("test", "\nOf test events, which have a quota of their own:")):
        months = [row[1:] for row in rows if row[0] == mode]
        if months:
            say(f"{title}\n{'account':36}  {'month':7}  {'used':>12}  {'refused':>12}  {'quota':>12}")
        for account_id, name, month in months:
            say(f"{account_id:36}  {name:7}  {month.used:12,}  {month.refused:12,}  {month.quota:12,}")
    if any(mode == "test" and month.used > month.quota for mode, _, _, month in rows):
        say("Where more was used than the quota, it was before test events were metered, or the quota was lowered.")
    show_voided(auditor, rows)


def show_voided(auditor, rows):
    if auditor.tracked.voided:
        say(f"\n{auditor.tracked.voided:,} requests were voided and do not count in any number.")
    kept = [row for row in rows if row[3].voided]
    if kept:
        say(
            f"Of these, what was not given back stays used:\n"
            f"{'account':36}  {'month':7}  {'mode':4}  {'calls':>12}  {'voided':>12}  {'used':>12}")
    for mode, account_id, name, month in kept:
        say(f"{account_id:36}  {name:7}  {mode:4}  {month.used - month.voided:12,}  {month.voided:12,}  {month.used:12,}")


def report(auditor, only, unchecked):
    shards = [auditor.shards[number] for number in sorted(auditor.shards)]
    for shard in shards:
        if shard.fault:
            first, last, reason = shard.fault
            say(f"The log can NOT be trusted: shard {shard.number}, events {first} to {last}: {plain(reason)}.")
            say(f"  Before them in that shard, {shard.last_position:,} events hold together; what follows proves nothing.")
        elif shard.due:
            due = shard.due[0]
            say(
                f"The log can NOT be trusted: shard {shard.number} ends at position {shard.last_position}, batch {shard.batches}, but "
                f"the checkpoint of {due.time} covers {due.size} batches up to position {due.position}: its end was cut off.")
    if any(shard.fault or shard.due for shard in shards):
        return 1
    events, batches = sum(s.last_position for s in shards), sum(s.batches for s in shards)
    say(
        f"None of the {events:,} events in {batches:,} batches was changed, removed, inserted or moved after it was recorded.\n"
        "Each matches its published schema, each was counted once, and no quota was overrun.")
    show_usage(auditor, only)
    if auditor.statement:
        auditor.statement.compare("the log")
        say("\nThe statement says what the log does.")
    held = [shard for shard in shards if shard.held]
    if held:
        say("\nThe log contains, unchanged, all that these checkpoints were signed for:")
        for shard in held:
            say(f"  shard {shard.number}  up to position {shard.held.position:,}, batch {shard.held.size:,}, {shard.held.time}")
    else:
        say(
            "\nWhether its end was left out, or all of it written anew, only a checkpoint saved earlier tells: save\n"
            "/.well-known/recount/checkpoints now, and give it to --checkpoint with a later export.")
    warn(unchecked and held)
    return 0


def warn(unchecked):
    if unchecked:
        say(
            "\nWARNING: SIGNATURES WERE NOT CHECKED, as no --key was given: whoever had the file in hand can have written it.\n"
            "Give the public key that was noted when it was saved.")


def open_export(path):
    stream = sys.stdin.buffer if path == "-" else open(path, "rb")
    return gzip.open(stream) if stream.peek(2)[:2] == b"\x1f\x8b" else stream


def is_cloudevents(path):
    """Standard input can't be read twice, as the account's own export is."""
    if path == "-":
        return False
    with open_export(path) as lines:
        return b'"specversion"' in lines.readline()[:200]


def check_log(arguments, key, statement=None, event=None):
    checkpoints = [checkpoint for path in arguments.checkpoint for checkpoint in read_checkpoints(path, key)]
    proven = statement or event
    if proven and proven.inclusion:
        checkpoints.append(proven.inclusion.checkpoint)
    auditor = Auditor(Schemas(arguments.schemas, arguments.jsonschema), checkpoints, statement)
    with auditor.tracked.file, open_export(arguments.export) as lines:
        for number, line in enumerate(lines, 1):
            try:
                batch = json.loads(line)
            except ValueError:
                raise Unusable(f"line {number} is not JSON: the export was cut off or damaged; export again")
            auditor.read(batch, number)
            if event and not auditor.shard(event.shard).fault:
                event.look(batch)
    if not any(shard.batches or shard.fault for shard in auditor.shards.values()):
        raise Unusable("the export is empty: there is nothing to check")
    status = report(auditor, arguments.account and arguments.account.lower(), key is None)
    if event and status == 0:
        if not event.found:
            raise Broken(f"the export does not reach position {event.position} of shard {event.shard}")
        say(f"\nThe request at position {event.position} of shard {event.shard} is just what the log holds there.")
    return status


def check_event(arguments, key):
    event = Event(arguments.event, key)
    request = event.said["request"]
    say(
        f"Position {event.position} of shard {event.shard}: {plain(request['method'])} {plain(request['path'])}, answered "
        f"{plain(request['status_code'])}, at {plain(request['timestamp'])}.")
    if event.inclusion:
        say(f"It is proven: {event.inclusion}.")
    else:
        say("No checkpoint covers it yet: the schedule makes one within ten minutes, then ask for it again.")
    if arguments.export:
        return check_log(arguments, key, event=event)
    say("Give the export of the whole log to have the request itself looked up in that batch.")
    if not event.inclusion:
        raise Unusable("without a checkpoint and without an export there is nothing to check it by")
    warn(key is None)
    return 0


def check_statement(arguments, key):
    statement = Statement(arguments.statement, key)
    say(f"Account {statement.account} used {statement.used:,} in {statement.month}, as of position {statement.position}:")
    for (project, day), requests in sorted(statement.days.items()):
        say(f"  {plain(project)}  {plain(day)}  {requests:12,}")
    if statement.voided:
        say(f"  {'voided, out of all numbers, and still used':48}  {statement.voided:12,}")
    say(f"It was issued at {statement.issued_at}; {statement.inclusion}.")
    if not arguments.export:
        say("Give the export of the account, or of the whole log, to have the requests counted again.")
    elif is_cloudevents(arguments.export):
        try:
            statement.count_cloudevents(arguments.export)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise Unusable(f"{arguments.export} is no export as cloudevents ({type(error).__name__}: {error})")
        statement.compare("the export")
        say("The account's export holds just these requests.")
    else:
        return check_log(arguments, key, statement)
    warn(key is None)
    return 0


def run(arguments):
    key = arguments.key and Key(pathlib.Path(arguments.key).read_text() if "+" not in arguments.key else arguments.key)
    try:
        if arguments.statement:
            return check_statement(arguments, key)
        if arguments.event:
            return check_event(arguments, key)
        if arguments.proof:
            proof = Inclusion(json.loads(pathlib.Path(arguments.proof).read_text(encoding="utf-8")), key)
            say(f"It is proven: {proof}.")
            warn(key is None)
            return 0
        if not arguments.export:
            raise Unusable("say what to check: an EXPORT, a --statement, an --event or a --proof")
        return check_log(arguments, key)
    except Broken as reason:
        say(f"It can NOT be trusted: {plain(reason)}.")
        return 1


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.partition("\n\n")[0], epilog="All about it stands at the top of this file.")
    parser.add_argument(
        "export", metavar="EXPORT", nargs="?", help="what `recount audit export` wrote, plain or gzip; - for standard input")
    beside = pathlib.Path(__file__).resolve().parent.parent / "EventSchemas"
    parser.add_argument("--schemas", metavar="DIR", default=beside, help="the published event schemas (default: %(default)s)")
    parser.add_argument("--account", metavar="ID", help="show the usage of this account alone; all is checked all the same")
    parser.add_argument(
        "--checkpoint", metavar="FILE", action="append", default=[],
        help="checkpoints saved earlier, which the export must contain unchanged; repeat for more")
    parser.add_argument("--key", metavar="KEY", help="the public key that must have signed, or a file that holds it")
    parser.add_argument("--statement", metavar="FILE", help="an account's monthly statement, checked alone or against EXPORT")
    parser.add_argument("--event", metavar="FILE", help="a request as the API answers it, checked alone or against EXPORT")
    parser.add_argument("--proof", metavar="FILE", help="a proof that `recount audit prove` printed")
    parser.add_argument("--jsonschema", action="store_true", help="check all schemas by the package jsonschema (slower)")
    try:
        return run(parser.parse_args())
    except (Unusable, OSError, EOFError, ValueError, zlib.error) as error:
        say(f"verify_log.py: {plain(error)}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
