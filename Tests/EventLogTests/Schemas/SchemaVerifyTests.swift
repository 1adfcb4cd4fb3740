import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

/// Who can write hashes anew can't make an event one that was never published.
@Suite struct SchemaVerifyTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "EventSchemas")

  /// Three batches of two requests after the account's own; the second is rewritten, and all hashes after it.
  @Test(arguments: [
    ("{0,data,1,status_code}", "99", "does not match the schema request_tracked.v2"),
    ("{0,data,1,colour}", "\"red\"", "does not match the schema request_tracked.v2"),
    ("{0,data,1,method}", "\"G ET\"", "does not match the schema request_tracked.v2"),
    ("{0,data,1,consumer}", "\"\"", "does not match the schema request_tracked.v2"),
    ("{0,data,1,response_bytes}", "-1", "does not match the schema request_tracked.v2"),
    ("{0,type}", "\"request_billed\"", "for which no schema was published"),
    ("{0,data,1,endpoint}", "\"x\"", "does not match the schema request_tracked.v2"),
    ("{0,version}", "3", "for which no schema was published"),
  ]) func anEventThatDoesNotMatchItsSchemaIsNamed(path: String, value: String, reason: String) async throws {
    try await TestLog.with(forged: true) { test in
      let source = try await test.account()
      let shard = test.shard(of: source)
      for _ in 0..<3 { _ = try await test.log.append([AppendUnit(.sample(source, count: 2))], shard: shard) }
      let schemas = try EventSchemas(folder: Self.folder)
      let clean = try await Verify(pool: test.log.pool, schemas: schemas).run()
      #expect(clean.faults.isEmpty)
      #expect(clean.events == 8)

      try await test.owner.query(
        Query(
          """
          UPDATE log.batches SET events = jsonb_set(events, $1::text[], $2::jsonb) WHERE shard = $3 AND first_position = 5
          """, [path, value, Int32(shard)]))
      try await rewriteHashes(of: shard, test)
      #expect(try await Verify(pool: test.log.pool).run().faults.isEmpty, "the forged chain holds")
      let report = try await Verify(pool: test.log.pool, schemas: schemas).run()
      let fault = try #require(report.faults.first)
      #expect([fault.firstPosition, fault.lastPosition] == [5, 6])
      #expect(fault.reason.contains(reason), "\(fault.reason)")
      #expect(report.events == 4, "what stands before it holds")
    }
  }

  /// As a superuser would who knows how hashes are made.
  private func rewriteHashes(of shard: Int, _ test: TestLog) async throws {
    try await test.owner.query(
      """
      WITH RECURSIVE chain AS (
        SELECT 0::bigint AS last_position, decode(repeat('00', 32), 'hex') AS hash
        UNION ALL
        SELECT b.last_position, log.batch_hash(
          c.hash, b.shard, b.first_position, b.last_position, b.recorded_at, b.events::text)
        FROM chain AS c JOIN log.batches AS b ON b.shard = \(Int32(shard)) AND b.first_position = c.last_position + 1
      )
      UPDATE log.batches AS b SET hash = c.hash FROM chain AS c
      WHERE b.shard = \(Int32(shard)) AND b.last_position = c.last_position
      """)
    try await test.owner.query(
      """
      UPDATE log.heads AS h SET last_hash = b.hash FROM log.batches AS b
      WHERE b.shard = h.shard AND b.last_position = h.last_position
      """)
  }

  @Test func aFolderWithoutSchemasIsRefused() {
    #expect(throws: SchemaError.noFolder("/nowhere")) { try EventSchemas(folder: URL(filePath: "/nowhere")) }
  }
}
