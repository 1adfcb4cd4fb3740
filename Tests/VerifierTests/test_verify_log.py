"""Logs whose hashes all hold, forged by someone who could write the chain anew: tools/verify_log.py must judge what
they say.

Run by the Swift test ForgedLogTests, or by hand: python3 -m unittest discover Tests/VerifierTests
"""

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


def tracked(count, at=NOW, month="2025-11", mode="live", project=PROJECT, event=None, **more):
    data = {
        "endpoint": "/a", "template": "/a", "method": "GET", "status_code": 200, "response_time_ms": 1.5, "timestamp": at}
    return {
        "type": "request_tracked", "version": 1, "account_id": ACCOUNT, "project_id": project, "key_id": KEY, "mode": mode,
        "month": month, "data": [{**data, **(event or {})}] * count, **more}


def voided(events, start=NOW, end=NOW + 1, upto=3, version=1, void=9, **more):
    data = {
        "void_id": f"01980000-0000-7000-8000-{void:012}", "project_id": PROJECT, "account_id": ACCOUNT, "mode": "live",
        "from": start, "to": end, "upto_position": upto, "reason": "load test",
        "counts": [{"month": "2025-11", "key_id": KEY, "events": events}], **more}
    return {
        "type": "telemetry_voided", "version": 1, "account_id": ACCOUNT, "project_id": PROJECT, "stream": "project",
        "stream_version": version, "data": [data]}


def consequence(kind, **data):
    return {
        "type": kind, "version": 1, "account_id": ACCOUNT, "project_id": PROJECT, "key_id": KEY, "mode": "live",
        "month": "2025-11", "data": [data]}


def forge(*batches, shard=0):
    """An export of these batches, each a list of units, with positions and hashes that hold."""
    lines, previous, position, time = [], bytes(32), 1, NOW * 1000
    for units in batches:
        first = position
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
        self.assert_named("does not match the schema", consequence("intake_tallied", duplicates=0, refused=0, invalid=0))

    def test_an_event_of_an_unpublished_type_is_named(self):
        self.assert_named("no schema was published", {**tracked(1), "type": "request_billed"})

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

    def test_a_void_that_says_what_is_not_so_is_named(self):
        for wrong in (
            voided(3), voided(1), voided(2, upto=2), voided(2, end=NOW), voided(2, mode="test"),
            voided(2, counts=[{"month": "2025-10", "key_id": KEY, "events": 2}]),
        ):
            with self.subTest(wrong):
                self.assert_named("but of its stretch", tracked(2), wrong)
        self.assert_named("but of its stretch", tracked(2), voided(2), voided(2, version=2, void=10))
        self.assert_named("after it", tracked(2), voided(2, upto=6))
        self.assert_named("another account's project", tracked(2), voided(2, project_id=OTHER))

    def test_a_log_cut_off_or_written_anew_is_told_by_an_end_noted_earlier(self):
        batches = [opened(1, 9)], [tracked(2)], [tracked(1)]
        noted = verify(forge(*batches))[1].split()[-1]
        self.assertEqual(verify(forge(*batches, [tracked(1)]), "--expect", noted)[0], 0)
        status, said = verify(forge(*batches[:2]), "--expect", noted)
        self.assertEqual((status, "shard 0 has no batch that ends at position 4" in said), (1, True), said)
        status, said = verify(forge(batches[0], [tracked(2, mode="test")], batches[2]), "--expect", noted)
        self.assertEqual((status, "shard 0, events 4 to 4: its hash is another" in said), (1, True), said)

    def test_gzip_is_read_and_what_is_no_export_is_refused(self):
        export = forge([opened(1, 5)])
        self.assertEqual(verify(gzip.compress(export.encode()))[0], 0)
        for wrong in ("", "not json\n", '{"specversion": "1.0"}\n', export[:-9], gzip.compress(export.encode())[:-9]):
            self.assertEqual(verify(wrong)[0], 2)
        self.assertEqual(verify(export, "--schemas", "/nowhere")[0], 2)


if __name__ == "__main__":
    unittest.main()
