package import Domain
package import Postgres

/// What a follower takes at a time: what follows its progress on one shard, up to a batch's end.
package struct Cut: Sendable {
  /// The shard.
  package let shard: Int
  /// The last position before it.
  package let after: Int64
  /// Its last position.
  package let upto: Int64
  /// The chain's link there.
  package let hash: [UInt8]
  /// When that batch was recorded.
  package let recordedAt: Instant
  /// The log's last position, in the same snapshot.
  package let head: Int64
}

/// The log is not the gapless sequence that it promises to be.
package struct Gap: Error, CustomStringConvertible {
  let shard: Int
  let after: Int64
  let detail: String

  /// A gap after a position.
  package init(shard: Int, after: Int64, detail: String) {
    self.shard = shard
    self.after = after
    self.detail = detail
  }

  /// Says what to do.
  package var description: String {
    "shard \(shard) of the log is not whole after position \(after): \(detail); nothing was applied or skipped: "
      + "run `recount audit verify`"
  }
}

extension Cut {
  /// The next `most` events or fewer, at least one batch; nil at the log's end. Throws ``Gap`` when the batches don't follow one
  /// another from `after` on, so that no event is skipped in silence.
  package static nonisolated(nonsending) func next(
    after: Int64, of shard: Int, most: Int64, _ connection: Connection
  ) async throws -> Cut? {
    let rows = try await connection.query(
      """
      SELECT h.last_position AS head, c.upto, c.hash, c.recorded_at, c.is_whole
      FROM log.heads AS h LEFT JOIN LATERAL log.next_cut(h.shard, \(after), \(most)) AS c ON true
      WHERE h.shard = \(Int32(shard))
      """)
    guard let row = rows.first else { throw Gap(shard: shard, after: after, detail: "the log has no such shard") }
    let head: Int64 = try row.decode("head")
    guard let upto = try row.decode("upto", as: Int64?.self) else {
      guard head <= after else {
        throw Gap(shard: shard, after: after, detail: "its head is \(head), but no batch follows")
      }
      return nil
    }
    guard try row.decode("is_whole", as: Bool.self) else {
      throw Gap(shard: shard, after: after, detail: "the batches up to \(upto) do not hold every position once")
    }
    return Cut(
      shard: shard, after: after, upto: upto, hash: try row.decode("hash"), recordedAt: try row.decode("recorded_at"),
      head: head)
  }

  /// The same, from the archive when what follows is not in the database. Asked only then: who is up to date never needs the archive,
  /// and pays nothing for it.
  package static nonisolated(nonsending) func next(
    after: Int64, of shard: Int, most: Int64, archive: ArchiveReader?, _ connection: Connection
  ) async throws -> Cut? {
    do { return try await next(after: after, of: shard, most: most, connection) } catch let gap as Gap {
      guard let reach = try await ArchiveReader.bring(from: archive, connection, shard: shard, after: after) else {
        throw gap
      }
      return try await next(after: after, of: shard, most: min(most, reach - after), connection)
    }
  }

  /// All up to where the log stood at a time; nil when that does not lie after the position. For those to whom what is older is nothing.
  package static nonisolated(nonsending) func before(
    _ time: Instant, after: Int64, of shard: Int, _ connection: Connection
  ) async throws -> Cut? {
    let rows = try await connection.query(
      """
      SELECT h.last_position AS head, m.position, m.hash, m.recorded_at
      FROM log.heads AS h CROSS JOIN LATERAL log.moment(h.shard, \(time), NULL) AS m
      WHERE h.shard = \(Int32(shard)) AND m.position > \(after)
      """)
    return try rows.first.map { row in
      Cut(
        shard: shard, after: after, upto: try row.decode("position"), hash: try row.decode("hash"),
        recordedAt: try row.decode("recorded_at"), head: try row.decode("head"))
    }
  }
}
