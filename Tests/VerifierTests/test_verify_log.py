"""Logs whose hashes all hold, forged by someone who could write the chain anew: tools/verify_log.py must judge what
they say.

Run by the Swift test ForgedLogTests, or by hand: python3 -m unittest discover Tests/VerifierTests
"""

import base64
import contextlib
import gzip
import hashlib
import io
import json
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
import verify_log  # noqa: E402

ACCOUNT, PROJECT, OTHER, KEY, REQUEST = (f"01980000-0000-7000-8000-{k:012}" for k in range(1, 6))
NOW = 1_764_000_000_000  # 2025-11-24T16:00:00Z


def opened(version, quota):
    data = {"account_id": ACCOUNT, "tier": "free", "monthly_quota": quota}
    return {
        "type": "account_opened", "version": 1, "account_id": ACCOUNT, "stream": "account", "stream_version": version,
        "data": [data]}


def changed(version, tier, quota):
    data = {"account_id": ACCOUNT, "tier": tier, "monthly_quota": quota}
    return {
        "type": "tier_changed", "version": 1, "account_id": ACCOUNT, "stream": "account", "stream_version": version,
        "data": [data]}


def lowered(version, quota, kept, cause="operator"):
    data = {
        "account_id": ACCOUNT, "tier": "free", "cause": cause, "monthly_quota": quota, "test_quota": quota, "month": "2025-11",
        "month_quota": kept, "month_test_quota": kept}
    return {**changed(version, "free", quota), "version": 2, "data": [data]}


def granted(version, quota, kept, until=None):
    data = {
        "account_id": ACCOUNT, "granted_quota": quota, "granted_test_quota": 0, "reason": "a trial", "month": "2025-11",
        "month_quota": kept, "month_test_quota": 0, **({} if until is None else {"until": until})}
    return {**changed(version, "free", quota), "type": "account_granted", "version": 2, "data": [data]}


def tracked(count, at=NOW, month="2025-11", mode="live", project=PROJECT, event=None, **more):
    data = {
        "endpoint": "/a", "template": "/a", "method": "GET", "status_code": 200, "response_time_ms": 1.5, "timestamp": at}
    return {
        "type": "request_tracked", "version": 1, "account_id": ACCOUNT, "project_id": project, "key_id": KEY, "mode": mode,
        "month": month, "data": [{**data, **(event or {})}] * count, **more}


def voided(events, start=NOW, end=NOW + 1, upto=3, version=1, void=9, gives_back=None, **more):
    """In version 1 of the event, unless it is said whether the quota is given back."""
    data = {
        "void_id": f"01980000-0000-7000-8000-{void:012}", "project_id": PROJECT, "account_id": ACCOUNT, "mode": "live",
        "from": start, "to": end, "upto_position": upto, "reason": "load test",
        "counts": [{"month": "2025-11", "key_id": KEY, "events": events}], **more}
    if gives_back is not None:
        data["gives_back_quota"] = gives_back
    return {
        "type": "telemetry_voided", "version": 1 if gives_back is None else 2, "account_id": ACCOUNT, "project_id": PROJECT, "stream": "project",
        "stream_version": version, "data": [data]}


def consequence(kind, **data):
    return {
        "type": kind, "version": 1, "account_id": ACCOUNT, "project_id": PROJECT, "key_id": KEY, "mode": "live",
        "month": "2025-11", "data": [data]}


def forge(*batches, shard=0, days=()):
    """An export of these batches, each a list of units, with positions and hashes that hold; `days` are how much later each was recorded."""
    lines, previous, position = [], bytes(32), 1
    for index, units in enumerate(batches):
        first, time = position, (NOW + (days[index] if days else 0) * 86_400_000) * 1000
        for unit in units:
            unit.setdefault("position", position)
            position += len(unit["data"])
        text = json.dumps(units)
        header = f"{shard} {first} {position - 1} {time}\n"
        previous = hashlib.sha256(previous + header.encode() + text.encode()).digest()
        lines.append(json.dumps({
            "shard": shard, "first_position": first, "last_position": position - 1, "recorded_at_us": time,
            "hash": previous.hex(), "events": text}))
    return "\n".join(lines) + "\n"


def verify(export, *arguments):
    """The verifier's exit status and all that it said."""
    raw = export if isinstance(export, bytes) else export.encode()
    said, argv = io.StringIO(), sys.argv
    with tempfile.NamedTemporaryFile() as file, contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        file.write(raw)
        file.flush()
        sys.argv = ["verify_log.py", file.name, *arguments]
        try:
            return verify_log.main(), said.getvalue()
        finally:
            sys.argv = argv


# The example of golang.org/x/mod/sumdb/note, which has the secret too: checkpoints of forged logs are signed with it.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_NOTE = GO_TEXT + (
    "\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n")
NAME = "localhost/recount"


def sign(text, seed=GO_SEED):
    """Ed25519 as RFC 8032, 5.1.6 has it; fit for tests alone."""
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254

    def encode(point):
        inverse = pow(point[2], -1, verify_log.P)
        x, y = point[0] * inverse % verify_log.P, point[1] * inverse % verify_log.P
        return (y | (x & 1) << 255).to_bytes(32, "little")

    public = encode(verify_log.multiply_point(scalar, verify_log.BASE))
    nonce = int.from_bytes(hashlib.sha512(digest[32:] + text.encode()).digest(), "little") % verify_log.ORDER
    commitment = encode(verify_log.multiply_point(nonce, verify_log.BASE))
    challenge = int.from_bytes(hashlib.sha512(commitment + public + text.encode()).digest(), "little")
    return public, commitment + ((nonce + challenge * scalar) % verify_log.ORDER).to_bytes(32, "little")


def note(text):
    public, signature = sign(text)
    number = hashlib.sha256(NAME.encode() + b"\n\x01" + public).digest()[:4]
    return f"{text}\n\u2014 {NAME} {base64.b64encode(number + signature).decode()}\n"


PUBLIC = sign("")[0]
KEY_TEXT = f"{NAME}+{hashlib.sha256(NAME.encode() + b'%c%c' % (10, 1) + PUBLIC).hexdigest()[:8]}+" + (
    base64.b64encode(b"\x01" + PUBLIC).decode())


def naive_root(leaves):
    """RFC 6962, 2.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + naive_root(leaves[:half]) + naive_root(leaves[half:])).digest()


def naive_path(index, leaves):
    if len(leaves) == 1:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if index < half:
        return naive_path(index, leaves[:half]) + [naive_root(leaves[half:])]
    return naive_path(index - half, leaves[half:]) + [naive_root(leaves[:half])]


def checkpoint(export, time="2025-11-24T16:00:00Z"):
    """The signed checkpoint of an export of shard 0."""
    batches = [json.loads(line) for line in export.splitlines()]
    root = naive_root([bytes.fromhex(batch["hash"]) for batch in batches])
    return note(
        f"{NAME}/shard-0\n{len(batches)}\n{base64.b64encode(root).decode()}\nshard 0\nposition {batches[-1]['last_position']}\n"
        f"chain {batches[-1]['hash']}\ntime {time}\n")


def inclusion(export, index):
    batches = [json.loads(line) for line in export.splitlines()]
    path = naive_path(index, [bytes.fromhex(batch["hash"]) for batch in batches])
    return {
        "shard": 0, "batch": index, "first_position": batches[index]["first_position"],
        "last_position": batches[index]["last_position"], "chain_hash": batches[index]["hash"],
        "hashes": [base64.b64encode(hash).decode() for hash in path], "checkpoint": checkpoint(export)}


def statement(export, index, days, voided=None, used=None):
    """Of the account's November, as of a batch; as the first release made it unless it is said what was voided."""
    proof = inclusion(export, index)
    said = {
        "account_id": ACCOUNT, "month": "2025-11", "mode": "live", "issued_at": "2025-12-01T00:00:00Z", "shard": 0,
        "first_position": 1, "last_position": proof["last_position"], "total": sum(days.values()), "inclusion": proof,
        "usage": [{"project_id": project, "day": day, "requests": n} for (project, day), n in days.items()]}
    if voided is not None:
        said |= {"voided": voided, "used": sum(days.values()) + voided if used is None else used}
    return {**said, "note": note(f"{NAME}/statement\n{json.dumps(said, ensure_ascii=False)}\n")}


@contextlib.contextmanager
def saved(*texts):
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write("\n".join(texts))
        file.flush()
        yield file.name


def run(*arguments):
    """The verifier's exit status and all that it said, without an export."""
    said, argv = io.StringIO(), sys.argv
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        sys.argv = ["verify_log.py", *arguments]
        try:
            return verify_log.main(), said.getvalue()
        finally:
            sys.argv = argv


class Signatures(unittest.TestCase):
    def test_the_example_of_the_reference_implementation_is_verified(self):
        key = verify_log.Key(GO_KEY)
        verify_log.Note(GO_NOTE).verify(key, "it")
        with self.assertRaises(verify_log.Broken):
            verify_log.Note(GO_NOTE.replace("think", "thank")).verify(key, "it")
        self.assertEqual(sign(GO_TEXT)[0], key.public)

    def test_the_vectors_of_rfc_8032_hold_and_nothing_near_them(self):
        # Section 7.1, tests 1 and 2.
        for public, message, signature in (
            ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
             "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
            ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
             "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
        ):
            public, message, signature = map(bytes.fromhex, (public, message, signature))
            self.assertTrue(verify_log.is_signed(public, message, signature))
            self.assertFalse(verify_log.is_signed(public, message + b"x", signature))
            for place in range(64):
                bent = signature[:place] + bytes([signature[place] ^ 1]) + signature[place + 1:]
                self.assertFalse(verify_log.is_signed(public, message, bent), place)
            # The same scalar plus the group's order: another signature of the same, which RFC 8032 forbids.
            scalar = int.from_bytes(signature[32:], "little") + verify_log.ORDER
            self.assertFalse(verify_log.is_signed(public, message, signature[:32] + scalar.to_bytes(32, "little")))

    def test_the_package_cryptography_agrees(self):
        try:
            from cryptography.exceptions import InvalidSignature
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
        except ImportError:
            self.skipTest("the package cryptography is not installed; tools/test runs this with it")
        for k in range(20):
            key = Ed25519PrivateKey.generate()
            public, message = key.public_key().public_bytes_raw(), bytes(range(k))
            signature = bytearray(key.sign(message))
            self.assertTrue(verify_log.is_signed(public, message, bytes(signature)))
            signature[k * 3] ^= 1 << k % 8
            self.assertFalse(verify_log.is_signed(public, message, bytes(signature)))
        public, signature = sign(GO_TEXT)
        Ed25519PublicKey.from_public_bytes(public).verify(signature, GO_TEXT.encode())
        with self.assertRaises(InvalidSignature):
            Ed25519PublicKey.from_public_bytes(public).verify(signature, b"another text")


class Proofs(unittest.TestCase):
    export = forge([opened(1, 99)], *([tracked(1)] for _ in range(12)))

    def test_trees_and_proofs_are_those_of_the_definition(self):
        leaves = [bytes([k]) for k in range(40)]
        tree = verify_log.Tree()
        for size in range(40):
            self.assertEqual(tree.root(), naive_root(leaves[:size]))
            for index in range(size):
                path = naive_path(index, leaves[:size])
                self.assertEqual(verify_log.root_from(verify_log.leaf_hash(leaves[index]), index, size, path), tree.root())
            tree.append(leaves[size])

    def test_a_proof_holds_for_its_batch_alone(self):
        proof = inclusion(self.export, 5)
        with saved(json.dumps(proof)) as file:
            status, said = run("--proof", file, "--key", KEY_TEXT)
            self.assertEqual((status, "batch 5 of shard 0" in said), (0, True), said)
        hashes = proof["hashes"]
        for wrong in (
            {"batch": 4}, {"batch": 13}, {"shard": 1}, {"chain_hash": "00" * 32}, {"hashes": hashes[:-1]}, {"hashes": hashes + hashes[:1]},
            {"checkpoint": proof["checkpoint"].replace("\n13\n", "\n12\n")},
        ):
            with saved(json.dumps({**proof, **wrong})) as file:
                self.assertEqual(run("--proof", file, "--key", KEY_TEXT)[0], 1, wrong)
        with saved("{}") as file:
            self.assertEqual(run("--proof", file)[0], 2)


class Events(unittest.TestCase):
    batches = ([opened(1, 99)], [tracked(2)], [tracked(3, batch_id=REQUEST, ordinals=[0, 2, 3])], [tracked(1)])
    export = forge(*batches)

    def event(self, position, index, ordinal=2, inclusion_of=None, **more):
        """As the API answers the request at a position, which is in a batch."""
        proof = inclusion(self.export, index if inclusion_of is None else inclusion_of)
        batch = json.loads(self.export.splitlines()[index])
        leaf = hashlib.sha256(b"\0" + bytes.fromhex(batch["hash"])).digest()
        request = {
            "timestamp": "2025-11-24T16:00:00.000Z", "path": "/a", "template": "/a", "method": "GET", "status_code": 200,
            "response_time_ms": 1.5, "consumer": None, "release": None, "error": None, "request_bytes": None, "response_bytes": None,
            "key_id": KEY, "id": REQUEST, "ordinal": ordinal}
        return {
            "shard": 0, "position": position, "project_id": PROJECT, "mode": "live", "leaf_hash": base64.b64encode(leaf).decode(),
            "batch": {name: batch[name] for name in ("first_position", "last_position", "recorded_at_us", "hash")},
            "request": {**request, **more}, "inclusion": proof}

    def check(self, document, *arguments, status=0):
        with saved(json.dumps(document)) as file:
            result = run("--event", file, *arguments)
        self.assertEqual(result[0], status, result[1])
        return result[1]

    def test_a_request_is_what_the_batch_holds_that_is_proven(self):
        event = self.event(5, 2)
        self.assertIn("It is proven: batch 2 of shard 0", self.check(event, "--key", KEY_TEXT))
        with saved(self.export) as log:
            self.assertIn("is just what the log holds there", self.check(event, log, "--key", KEY_TEXT))
            self.check({**event, "inclusion": None}, log)
            for wrong in ({"status_code": 500}, {"id": None}, {"ordinal": 1}, {"key_id": PROJECT}, {"timestamp": "2025-11-24T16:00:00.001Z"},
                          {"consumer": "acme"}):
                self.assertIn("but at position 5", self.check(self.event(5, 2, **wrong), log, status=1))
            self.check({**event, "project_id": OTHER}, log, status=1)
            self.check({**event, "position": 99}, log, status=1)
        self.check({**event, "inclusion": None}, status=2)
        with saved(forge(*self.batches[:2], [tracked(3, event={"status_code": 500})])) as other:
            self.check({**event, "inclusion": None}, other, status=1)

    def test_an_answer_that_lacks_something_is_said_to_be_none(self):
        event = self.event(5, 2)
        for name in ("project_id", "mode", "request", "batch", "leaf_hash", "inclusion"):
            self.assertIn("is no request as the API answers it", self.check({k: v for k, v in event.items() if k != name}, status=2))
        for name in event["request"]:
            request = {k: v for k, v in event["request"].items() if k != name}
            self.assertIn("is no request as the API answers it", self.check({**event, "request": request}, status=2))

    def test_a_position_that_holds_no_request_is_told_so(self):
        with saved(self.export) as log:
            event = self.event(1, 0)
            self.check({**event, "inclusion": None}, log, status=1)

    def test_a_proof_of_another_batch_is_none(self):
        self.check(self.event(5, 2, inclusion_of=1), status=1)
        self.check({**self.event(5, 2), "leaf_hash": base64.b64encode(bytes(32)).decode()}, status=1)
        self.check({"shard": 0}, status=2)


class Statements(unittest.TestCase):
    yesterday = NOW - 86_400_000
    batches = (
        [opened(1, 99)], [tracked(2)], [tracked(3, at=yesterday)], [tracked(4, project=OTHER)], [tracked(9, mode="test")],
        [tracked(5)])
    export = forge(*batches)
    days = {(PROJECT, "2025-11-23"): 3, (PROJECT, "2025-11-24"): 2, (OTHER, "2025-11-24"): 4}

    def check(self, document, *arguments, status=0):
        with saved(json.dumps(document, ensure_ascii=False)) as file:
            result = run("--statement", file, *arguments)
        self.assertEqual(result[0], status, result[1])
        return result[1]

    def test_what_the_log_holds_up_to_its_position_is_what_a_statement_must_say(self):
        said = statement(self.export, 4, self.days)
        self.assertIn("used 9 in 2025-11", self.check(said, "--key", KEY_TEXT))
        with saved(self.export) as log:
            self.assertIn("The statement says what the log does", self.check(said, log, "--key", KEY_TEXT))
            wrong = statement(self.export, 4, {**self.days, (PROJECT, "2025-11-23"): 4})
            self.assertIn("but the log holds 3", self.check(wrong, log, "--key", KEY_TEXT, status=1))
        with saved(forge(*self.batches[:4], [tracked(8, mode="test")], [tracked(5)])) as other:
            self.assertIn("can NOT be trusted", self.check(said, other, status=1))

    def test_the_accounts_own_export_is_enough_to_count_again(self):
        lines, position = [], 0
        for units in self.batches:
            for unit in units:
                for data in unit["data"]:
                    position += 1
                    owner = "/".join(unit[name] for name in ("account_id", "project_id") if name in unit)
                    lines.append({
                        "specversion": "1.0", "id": f"0/{position}", "type": f"dev.recount.{unit['type']}.v1", "subject": owner,
                        "mode": unit.get("mode"), "month": unit.get("month"), "data": data})
        said = statement(self.export, 4, self.days)
        with saved("".join(json.dumps(line) + "\n" for line in lines)) as events:
            self.assertIn("holds just these", self.check(said, events, "--key", KEY_TEXT))
        with saved("".join(json.dumps(line) + "\n" for line in lines[:2] + lines[3:])) as events:
            self.assertIn("says 2 requests", self.check(said, events, "--key", KEY_TEXT, status=1))

    def test_what_was_voided_and_stays_used_is_said_and_counted_again(self):
        batches = (
            [opened(1, 99)], [tracked(5)], [tracked(2, at=NOW + 5)], [voided(5, upto=8, gives_back=False)],
            [voided(2, start=NOW, end=NOW + 9, upto=9, version=2, void=10, gives_back=True)], [tracked(1)])
        export, days = forge(*batches), {(PROJECT, "2025-11-24"): 1}
        lines, position = [], 0
        for units in batches:
            for unit in units:
                for data in unit["data"]:
                    position += 1
                    lines.append(json.dumps({
                        "specversion": "1.0", "id": f"0/{position}", "type": f"dev.recount.{unit['type']}.v1",
                        "subject": f"{ACCOUNT}/{PROJECT}", "mode": unit.get("mode"), "month": unit.get("month"), "data": data}))
        said = statement(export, 5, days, voided=5)
        with saved(export) as log, saved("\n".join(lines) + "\n") as events:
            for source in (log, events):
                told = self.check(said, source, "--key", KEY_TEXT)
                self.assertRegex(told, r"used 6 in 2025-11(.|\n)*still used +5\n")
                wrong = statement(export, 5, days, voided=7)
                self.assertIn("voided and still used, but", self.check(wrong, source, "--key", KEY_TEXT, status=1))
        self.assertIn("are not its", self.check(statement(export, 5, days, voided=5, used=7), status=1))

    def test_a_statement_that_was_changed_is_told(self):
        said = statement(self.export, 4, self.days)
        for wrong in ({"total": 10}, {"month": "2025-10"}, {"last_position": 1}, {"usage": []}):
            self.assertIn("something else than what was signed", self.check({**said, **wrong}, "--key", KEY_TEXT, status=1))
        forged = {**said, "note": said["note"].replace('"total": 9', '"total": 8'), "total": 8}
        self.assertIn("does not belong to it", self.check(forged, "--key", KEY_TEXT, status=1))
        self.assertIn("WARNING", self.check(said))


class ForgedLogs(unittest.TestCase):
    def assert_named(self, reason, *units, before=()):
        """The batch of `units` is named, and why; the batches before it hold."""
        status, said = verify(forge([opened(1, 5)], [tracked(2, batch_id=REQUEST)], *before, list(units)))
        self.assertEqual(status, 1, said)
        first = 4 + sum(len(unit["data"]) for batch in before for unit in batch)
        self.assertIn(f"shard 0, events {first} to", said)
        self.assertIn(reason, said)

    def test_a_change_of_tier_moves_the_quota_of_this_month_and_not_of_a_past_one(self):
        past = {"at": NOW - 30 * 86_400_000, "month": "2025-10"}
        log = [[opened(1, 5)], [tracked(5, **past)], [tracked(5)], [changed(2, "pro", 8)], [tracked(3)], [changed(3, "free", 2)]]
        status, said = verify(forge(*log))
        self.assertEqual(status, 0, said)
        self.assertRegex(said, rf"{ACCOUNT}  2025-10 +5 +0 +5\n{ACCOUNT}  2025-11 +8 +0 +2\n")
        status, said = verify(forge(*log, [tracked(1)]))
        self.assertEqual(status, 1, said)
        self.assertIn("let use 9 in 2025-11, more than its quota of 2", said)
        status, said = verify(forge(*log[:4], [tracked(1, **past)]))
        self.assertIn("let use 6 in 2025-10, more than its quota of 5", said)

    def test_a_month_has_what_the_event_that_lowers_its_quota_leaves_it(self):
        for kept, status_expected in ((5, 0), (3, 1)):
            status, said = verify(forge([opened(1, 5)], [lowered(2, 1, kept)], [tracked(5)]))
            self.assertEqual(status, status_expected, said)

    def test_a_grant_counts_for_months_that_begin_before_it_ends(self):
        november = 1_761_955_200_000
        for until, status_expected in ((None, 0), (november + 1, 0), (november, 1)):
            status, said = verify(forge([opened(1, 5)], [granted(2, 9, 5, until)], [tracked(9)]))
            self.assertEqual(status, status_expected, said)
        status, said = verify(forge([opened(1, 5)], [granted(2, 9, 9)], [changed(3, "free", 2)], [tracked(9)]))
        self.assertEqual(status, 0, said)
        status, said = verify(forge([opened(1, 5)], [granted(2, 9, 9)], [granted(3, 0, 5)], [tracked(6)]))
        self.assertEqual(status, 1, said)

    def test_an_event_counted_twice_is_named_by_its_id(self):
        self.assert_named("was counted before", tracked(2, batch_id=REQUEST, ordinals=[1, 2]))
        self.assert_named("was counted before", tracked(1, event_ids=[REQUEST]))
        self.assert_named("the same event twice", tracked(2, batch_id=OTHER, ordinals=[0, 0]))

    def test_the_rest_of_a_request_and_another_projects_ids_are_no_duplicates(self):
        export = forge(
            [opened(1, 7)], [tracked(2, batch_id=REQUEST)], [tracked(2, batch_id=REQUEST, ordinals=[2, 3])],
            [tracked(2, batch_id=REQUEST, project=OTHER)], [tracked(1, event_ids=[None])])
        self.assertEqual(verify(export)[0], 0)

    def test_more_than_the_quota_is_named(self):
        self.assert_named("more than its quota of 5", tracked(4))

    def test_a_request_charged_to_another_month_is_named(self):
        self.assert_named("served in another month", tracked(1, month="2025-12"))

    def test_a_request_older_than_the_log_may_accept_is_named(self):
        self.assert_named("dated too long before", tracked(1, at=NOW - 40 * 86_400_000, month="2025-10"))

    def test_an_event_that_does_not_match_its_schema_is_named(self):
        for event in (
            {"status_code": 99}, {"status_code": True}, {"status_code": 200.5}, {"method": "get"}, {"endpoint": "a"},
            {"endpoint": ""}, {"response_time_ms": "1"}, {"timestamp": -1}, {"colour": "red"}, {"template": "/" * 5121},
        ):
            with self.subTest(event):
                self.assert_named("does not match the schema request_tracked.v1", tracked(1, event=event))
        for event in ({"method": "G ET"}, {"method": ""}, {"method": "X" * 41}, {"endpoint": "a"}, {"template": "a:b"}, {"endpoint": "**"},
            {"consumer": ""}, {"release": "x" * 129}, {"error": 5}, {"response_bytes": -1}, {"request_bytes": 0.5}):
            with self.subTest(event):
                self.assert_named(
                    "does not match the schema request_tracked.v2", {**tracked(1, event=event), "version": 2})
        self.assert_named("does not match the schema", consequence("intake_tallied", duplicates=0, refused=0, invalid=0))

    def test_an_event_of_an_unpublished_type_is_named(self):
        self.assert_named("no schema was published", {**tracked(1), "type": "request_billed"})

    def test_what_an_export_quotes_cannot_act_on_the_terminal(self):
        with contextlib.redirect_stdout(io.StringIO()) as said:
            verify_log.say(f"It is as of \x1b[2J\x9b\u202e:\n{verify_log.plain('all is well' + chr(10) + 'in all')}")
        self.assertEqual(said.getvalue(), "It is as of \\u{1b}[2J\\u{9b}\\u{202e}:\nall is well\\u{a}in all\n")

    def test_a_stream_that_skips_or_repeats_a_version_is_named(self):
        self.assert_named("version 3 of stream account stands where version 2 is due", opened(3, 5))
        self.assert_named("version 1 of stream account stands where version 2 is due", opened(1, 5))

    def test_an_event_at_another_position_than_it_names_is_named(self):
        self.assert_named("it names position 9", tracked(1, position=9))

    def test_a_quota_said_to_be_reached_that_was_not_is_named(self):
        self.assert_named("but the events make 2 of 5", consequence("quota_exceeded", used=5, limit=5, percent=100))

    def test_content_of_any_other_form_is_named_and_not_stumbled_over(self):
        self.assert_named("not in the form", {"data": [1]})
        line = '{"shard": 0, "first_position": 1, "last_position": 1}\n'
        self.assertEqual(verify(line)[0], 1)

    def test_any_token_is_a_method_and_a_key_that_read_is_no_request(self):
        events = ({"method": "PROPFIND"}, {"method": "OPTIONS", "endpoint": "*", "template": "*"},
                  {"method": "CONNECT", "endpoint": "a:443", "template": "a:443"}, {"method": "GET"})
        status, said = verify(forge(
            [opened(1, 5)], *[[{**tracked(1, event=event), "version": 2}] for event in events],
            [consequence("key_used", used_at=NOW)]))
        self.assertEqual(status, 0, said)
        self.assertRegex(said, rf"{ACCOUNT} +2025-11 +4 ")
        self.assert_named("does not match the schema key_used.v1", consequence("key_used", used_at=-1))

    def test_a_batch_of_a_sender_is_there_once_and_is_no_request(self):
        def heard(sequence, sender=OTHER, mode="live", project=PROJECT):
            unit = consequence("sender_heard", sender_id=sender, sequence=sequence, events=5, dropped=0)
            del unit["month"]
            return {**unit, "mode": mode, "project_id": project}

        # What an event is known by is another thing, though it be the sender's id.
        status, said = verify(forge(
            [opened(1, 5)], [tracked(1, batch_id=OTHER), heard(1)], [heard(2), heard(1, mode="test"), heard(1, sender=KEY)],
            [heard(1, project=OTHER)]))
        self.assertEqual(status, 0, said)
        self.assertRegex(said, rf"{ACCOUNT} +2025-11 +1 ")
        status, said = verify(forge([opened(1, 5)], [heard(1)], [heard(2)], [heard(1)]))
        self.assertEqual(status, 1, said)
        self.assertIn(f"the event at position 4 was counted before: batch 1 of sender {OTHER}", said)
        # Its number is forgotten by then, and nothing in the call says how old it is.
        status, said = verify(forge([opened(1, 5)], [heard(1)], [heard(2)], [heard(1)], days=(0, 0, 30, 55)))
        self.assertEqual(status, 0, said)
        status, said = verify(forge([opened(1, 5)], [heard(1)], [heard(2)], [heard(1)], days=(0, 0, 30, 34)))
        self.assertEqual(status, 1, said)
        self.assert_named("does not match the schema sender_heard.v1", heard(0))

    def test_test_events_and_refusals_are_counted_apart(self):
        status, said = verify(forge(
            [opened(1, 5)], [tracked(40, mode="test")], [tracked(5)],
            [consequence("intake_tallied", duplicates=3, refused=7, invalid=2)]))
        self.assertEqual(status, 0, said)
        self.assertRegex(said, rf"{ACCOUNT} +2025-11 +5 +7 +5\n")

    def test_a_new_quota_counts_from_the_month_it_was_set_in(self):
        october = NOW - 30 * 86_400_000
        status, said = verify(forge(
            [opened(1, 5)], [tracked(5, at=october, month="2025-10")], [tracked(5)], [opened(2, 90)], [tracked(20)]))
        self.assertEqual(status, 0, said)
        self.assertRegex(said, rf"{ACCOUNT} +2025-10 +5 +0 +5\n")
        self.assertRegex(said, rf"{ACCOUNT} +2025-11 +25 +0 +90\n")

    def test_voided_requests_do_not_count_and_free_the_quota(self):
        status, said = verify(forge(
            [opened(1, 5)], [tracked(2), tracked(3, at=NOW + 9)], [voided(2, upto=6)], [tracked(2)],
            [voided(2, upto=9, version=2, void=10)], [tracked(1)]))
        self.assertEqual(status, 0, said)
        self.assertRegex(said, rf"{ACCOUNT} +2025-11 +4 +0 +5\n")
        self.assertIn("4 requests were voided", said)

    def test_what_a_void_does_not_give_back_stays_used(self):
        log = [[opened(1, 5)], [tracked(2), tracked(3, at=NOW + 9)], [voided(2, upto=6, gives_back=False)]]
        status, said = verify(forge(*log))
        self.assertEqual(status, 0, said)
        self.assertRegex(said, rf"{ACCOUNT} +2025-11 +5 +0 +5\n")
        self.assertRegex(said, rf"{ACCOUNT} +2025-11 +live +3 +2 +5\n")
        status, said = verify(forge(*log, [tracked(1)]))
        self.assertEqual((status, "more than its quota of 5" in said), (1, True), said)
        given = voided(3, start=NOW + 9, end=NOW + 10, upto=7, version=2, void=10, gives_back=True)
        status, said = verify(forge(*log, [given], [tracked(3)]))
        self.assertEqual(status, 0, said)
        self.assertRegex(said, rf"{ACCOUNT} +2025-11 +live +3 +2 +5\n")

    def test_test_events_have_a_quota_by_the_tier_once_they_are_metered(self):
        nothing = {"duplicates": 0, "invalid": 0, "throttled": 0}
        reasons = {"malformed": 0, "outside_window": 0, "id_conflicts": 0}
        for tally in (
            {**consequence("intake_tallied", refused=1, **nothing), "version": 2},
            {**consequence("intake_tallied", refused=1, **nothing, **reasons), "version": 3},
        ):
            with self.subTest(tally["version"]):
                self.assert_test_events_are_metered_since(tally)

    def assert_test_events_are_metered_since(self, tally):
        log = [[opened(1, 5)], [tracked(1_001, mode="test")]]
        status, said = verify(forge(*log))
        self.assertEqual(status, 0, said)
        self.assertRegex(said, rf"{ACCOUNT} +2025-11 +1,001 +0 +1,000\n")
        self.assertIn("before test events were metered", said)
        status, said = verify(forge(*log, [tally], [tracked(1, mode="test")]))
        self.assertEqual((status, "let use 1,002 in 2025-11, more than its test quota of 1,000" in said), (1, True), said)
        status, said = verify(forge(*log, [tally], [changed(2, "pro", 9)], [tracked(8_999, mode="test")]))
        self.assertEqual(status, 0, said)
        status, said = verify(forge(*log, [tally], [changed(2, "pro", 9)], [tracked(9_000, mode="test")]))
        self.assertEqual(status, 1, said)

    def test_a_void_that_says_what_is_not_so_is_named(self):
        for wrong in (
            voided(3), voided(1), voided(2, upto=2), voided(2, end=NOW), voided(2, mode="test"),
            voided(2, counts=[{"month": "2025-10", "key_id": KEY, "events": 2}]),
        ):
            with self.subTest(wrong):
                self.assert_named("but of its span", tracked(2), wrong)
        self.assert_named("but of its span", tracked(2), voided(2), voided(2, version=2, void=10))
        self.assert_named("after it", tracked(2), voided(2, upto=6))
        self.assert_named("another account's project", tracked(2), voided(2, project_id=OTHER))

    def test_a_log_cut_off_or_written_anew_is_told_by_checkpoints_saved_earlier(self):
        batches = [opened(1, 9)], [tracked(2)], [tracked(1)]
        with saved(checkpoint(forge(*batches[:1])), checkpoint(forge(*batches))) as file:
            status, said = verify(forge(*batches, [tracked(1)]), "--checkpoint", file, "--key", KEY_TEXT)
            self.assertEqual((status, "shard 0  up to position 4, batch 3" in said), (0, True), said)
            self.assertNotIn("WARNING", said)
            self.assertIn("WARNING: SIGNATURES WERE NOT CHECKED", verify(forge(*batches), "--checkpoint", file)[1])
            status, said = verify(forge(*batches[:2]), "--checkpoint", file)
            self.assertEqual((status, "shard 0 ends at position 3, batch 2" in said), (1, True), said)
            status, said = verify(forge(batches[0], [tracked(2, mode="test")], batches[2]), "--checkpoint", file)
            self.assertEqual((status, "shard 0, events 4 to 4: it is not what" in said), (1, True), said)
            self.assertIn("position 1, it is as it was", said)
        with saved(checkpoint(forge(*batches))) as file:
            status, said = verify(forge(batches[0], [tracked(2, mode="test")], batches[2]), "--checkpoint", file)
            self.assertEqual((status, "4 to 4: it is not what" in said, "as it was" in said), (1, True, False), said)

    def test_a_checkpoint_that_was_forged_is_told_from_one_that_is_signed(self):
        export = forge([opened(1, 9)], [tracked(2)])
        with saved(checkpoint(export).replace("position 3", "position 4")) as file:
            self.assertEqual(verify(export, "--checkpoint", file)[0], 1)
            status, said = verify(export, "--checkpoint", file, "--key", KEY_TEXT)
            self.assertEqual((status, "its signature does not belong to it" in said), (1, True), said)
        with saved(checkpoint(export)) as file:
            status, said = verify(export, "--checkpoint", file, "--key", "PeterNeumann+c74f20a3+" + GO_KEY.split("+", 2)[2])
            self.assertEqual((status, "is not signed by the key PeterNeumann" in said), (1, True), said)
        for wrong in ("", "text\n", checkpoint(export).replace("shard 0", "shard 1"), checkpoint(export).replace("position", "at")):
            with saved(wrong) as file:
                self.assertEqual(verify(export, "--checkpoint", file)[0], 2)

    def test_gzip_is_read_and_what_is_no_export_is_refused(self):
        export = forge([opened(1, 5)])
        self.assertEqual(verify(gzip.compress(export.encode()))[0], 0)
        for wrong in ("", "not json\n", '{"specversion": "1.0"}\n', export[:-9], gzip.compress(export.encode())[:-9]):
            self.assertEqual(verify(wrong)[0], 2)
        self.assertEqual(verify(export, "--schemas", "/nowhere")[0], 2)


if __name__ == "__main__":
    unittest.main()
