import Postgres
import TestDatabase

/// Someone with every right on the database who changes the past and mends every hash, head and version, so that the chain holds.
struct LogForger {
  private let test: TestLog
  private let shard: Int

  init(_ test: TestLog, _ shard: Int) {
    self.test = test
    self.shard = shard
  }

  func changePayload(at position: Int64) async throws {
    try await test.owner.query(
      """
      UPDATE log.batches SET events = jsonb_set(events, '{0,data,0,status_code}', '500')
      WHERE shard = \(shard) AND \(position) BETWEEN first_position AND last_position
      """)
    try await mend()
  }

  /// Telemetry alone: no version of a stream tells.
  func leaveOut(at position: Int64) async throws {
    try await test.owner.query(
      """
      WITH gone AS (
        DELETE FROM log.batches WHERE shard = \(shard) AND \(position) BETWEEN first_position AND last_position
        RETURNING last_position, last_position - first_position + 1 AS events
      )
      UPDATE log.batches AS b
      SET first_position = b.first_position - g.events, last_position = b.last_position - g.events,
        events = jsonb_set(b.events, '{0,position}', to_jsonb(b.first_position - g.events))
      FROM gone AS g WHERE b.shard = \(shard) AND b.last_position > g.last_position
      """)
    try await mend()
  }

  func cutOff(after position: Int64) async throws {
    try await test.owner.query("DELETE FROM log.batches WHERE shard = \(shard) AND last_position > \(position)")
    try await mend()
  }

  private func mend() async throws {
    try await test.owner.query(
      """
      WITH RECURSIVE numbered AS (
        SELECT b.*, row_number() OVER (ORDER BY b.last_position) AS k FROM log.batches AS b WHERE b.shard = \(shard)
      ), chain AS (
        SELECT n.k, n.last_position,
          log.batch_hash(decode(repeat('00', 32), 'hex'), n.shard, n.first_position, n.last_position, n.recorded_at, n.events::text)
            AS hash
        FROM numbered AS n WHERE n.k = 1
        UNION ALL
        SELECT n.k, n.last_position,
          log.batch_hash(c.hash, n.shard, n.first_position, n.last_position, n.recorded_at, n.events::text)
        FROM chain AS c JOIN numbered AS n ON n.k = c.k + 1
      )
      UPDATE log.batches AS b SET hash = c.hash FROM chain AS c
      WHERE b.shard = \(shard) AND b.last_position = c.last_position
      """)
    try await test.owner.query(
      """
      UPDATE log.heads AS h SET last_position = b.last_position, last_hash = b.hash
      FROM (SELECT last_position, hash FROM log.batches WHERE shard = \(shard) ORDER BY last_position DESC LIMIT 1) AS b
      WHERE h.shard = \(shard)
      """)
  }
}
