import EventLog
import Postgres
import TestDatabase
import Testing

/// As the database's superuser, whom no grant stops: the chain must tell.
@Suite struct TamperTests {
  @Test(arguments: [
    (
      "a payload",
      "UPDATE log.batches SET events = jsonb_set(events, '{0,data,0,status_code}', '500') WHERE last_position = 3"
    ),
    (
      "a timestamp",
      "UPDATE log.batches SET recorded_at = recorded_at + interval '1 microsecond' WHERE last_position = 3"
    ),
    ("a removed batch", "DELETE FROM log.batches WHERE last_position = 3"),
    ("a hash", "UPDATE log.batches SET hash = sha256(hash) WHERE last_position = 3"),
    (
      "two swapped batches",
      """
      UPDATE log.batches AS b SET events = o.events FROM log.batches AS o
      WHERE (b.last_position, o.last_position) IN ((3, 4), (4, 3)) AND o.shard = b.shard
      """
    ),
    (
      "an inserted batch",
      """
      INSERT INTO log.batches SELECT shard, 3, 3, recorded_at + interval '1 microsecond', hash, events FROM log.batches
      WHERE last_position = 3
      """
    ),
    ("the tail cut off", "DELETE FROM log.batches WHERE last_position >= 5"),
    (
      "the head set back",
      """
      UPDATE log.heads AS h SET last_position = 4, last_hash = b.hash FROM log.batches AS b
      WHERE b.last_position = 4 AND b.shard = h.shard AND h.last_position > 4
      """
    ),
  ]) func anyChangeOfThePastIsNamed(what: String, statement: String) async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      let shard = test.shard(of: source)
      for _ in 0..<6 { _ = try await test.log.append([AppendUnit(.sample(source))], shard: shard) }
      try await test.expectTheLogHolds()
      try await test.owner.query(Query(statement + (statement.contains("WHERE last") ? " AND shard = \(shard)" : "")))
      let report = try await Verify(pool: test.log.pool).run()
      let fault = try #require(report.faults.first, "\(what) must be found")
      #expect(fault.shard == shard)
      #expect(
        (3...5).contains(fault.firstPosition), "\(what): the first bad batch is named, not \(fault.firstPosition)")
    }
  }
}
