import EventLog
import Postgres
import TestDatabase
import Testing

/// Part of a log can be verified, and the versions of its streams as well as its hashes.
@Suite struct VerifyRangeTests {
  /// The account's own two events and six batches of two, in one shard.
  private func fill(_ test: TestLog) async throws -> Int {
    let source = try await test.account()
    let shard = test.shard(of: source)
    for _ in 0..<6 { _ = try await test.log.append([AppendUnit(.sample(source, count: 2))], shard: shard) }
    return shard
  }

  @Test func aRangeCoversTheBatchesThatHoldItsEnds() async throws {
    try await TestLog.with { test in
      let shard = try await fill(test)
      func events(_ from: Int64?, _ to: Int64?) async throws -> Int64 {
        let report = try await Verify(pool: test.log.pool, range: VerifyRange(shard: shard, from: from, to: to)).run()
        #expect(report.faults.isEmpty)
        return report.events
      }
      #expect(try await events(nil, nil) == 14)
      #expect(try await events(6, nil) == 10, "from position 6, which the batch of 5 and 6 holds")
      #expect(try await events(6, 7) == 4, "the batches of 5 and 6, and of 7 and 8")
      #expect(try await events(14, 14) == 2)
      #expect(try await events(1, 1_000) == 14)
      await #expect(throws: VerifyError.beyondTheEnd(shard: shard, from: 15, end: 14)) { try await events(15, nil) }
    }
  }

  @Test func aFaultIsFoundByTheRangesThatHoldItAlone() async throws {
    try await TestLog.with { test in
      let shard = try await fill(test)
      try await test.owner.query(
        """
        UPDATE log.batches SET events = jsonb_set(events, '{0,data,0,status_code}', '500')
        WHERE last_position = 8 AND shard = \(shard)
        """)
      func fault(_ from: Int64?, _ to: Int64?) async throws -> Int64? {
        try await Verify(pool: test.log.pool, range: VerifyRange(shard: shard, from: from, to: to)).run()
          .faults.first?.firstPosition
      }
      #expect(try await fault(nil, nil) == 7)
      #expect(try await fault(8, 8) == 7)
      #expect(try await fault(nil, 6) == nil)
      #expect(try await fault(9, nil) == nil)
    }
  }

  /// Who rewrites an event can write its hash and the head anew too; the stream's versions still tell.
  @Test(arguments: [
    "a version in the log": """
    WITH forged AS (
      UPDATE log.batches AS b
      SET events = jsonb_set(events, '{0,stream_version}', '2'),
        hash = log.batch_hash(decode(repeat('00', 32), 'hex'), shard, first_position, last_position, recorded_at,
          jsonb_set(events, '{0,stream_version}', '2')::text)
      WHERE first_position = 1 RETURNING shard, hash)
    UPDATE log.heads AS h SET last_hash = f.hash FROM forged AS f WHERE f.shard = h.shard
    """,
    "a lost version": "DELETE FROM log.stream_versions",
    "a version without an event": """
    INSERT INTO log.stream_versions SELECT shard, stream, 3, 1 FROM log.stream_versions LIMIT 1
    """,
  ]) func aStreamWhoseVersionsDoNotCountUpIsNamed(what: String, statement: String) async throws {
    try await TestLog.with { test in
      let shard = test.shard(of: try await test.account())
      try await test.expectTheLogHolds()
      try await test.owner.query(Query(statement))
      let report = try await Verify(pool: test.log.pool).run()
      let fault = try #require(report.faults.first, "\(what) must be found")
      #expect(fault.shard == shard)
      #expect(fault.firstPosition == 1)
      #expect(fault.reason.contains("version"), "\(fault.reason)")
    }
  }

  @Test func aShardThatIsNotThereIsSaidSo() async throws {
    _ = try await TestLog.with { test in
      await #expect(throws: VerifyError.unknownShard(9)) {
        try await Verify(pool: test.log.pool, range: VerifyRange(shard: 9)).run()
      }
    }
  }
}
