import EventLog
import Foundation
import Postgres

/// What a step applied: everything up to a batch's end.
struct Cut: Sendable {
  /// The last position applied.
  let upto: Int64
  /// The chain's link there.
  let hash: [UInt8]
  /// When that batch was recorded.
  let recordedAt: Date
  /// The log's last position, in the same snapshot.
  let head: Int64
}

/// The log is not the gapless sequence that it promises to be.
struct Gap: Error, CustomStringConvertible {
  let shard: Int
  let after: Int64
  let detail: String
  var description: String {
    "shard \(shard) of the log is not whole after position \(after): \(detail); nothing was applied: run `recount audit verify`"
  }
}

extension Projection {
  /// Applies the next `most` events or fewer, at least one batch, to the tables in `schema`, in the transaction that is open.
  /// Nil at the log's end. Throws ``Gap`` when the batches don't follow one another from `after` on, so that no event is
  /// skipped in silence. `foresight` is the position up to which corrections are known from the first event on
  /// (`log.read_corrected()`).
  nonisolated(nonsending) func advance(
    _ connection: Connection, schema: String, shard: Int, after: Int64, most: Int64, foresight: Int64
  ) async throws -> Cut? {
    guard let cut = try await cut(connection, shard: shard, after: after, most: most) else { return nil }
    try await connection.query(Self.settings(schema: schema))
    let parameters: [any PostgresEncodable] = [Int32(shard), after, cut.upto, foresight]
    for statement in apply {
      let query = Query(statement.sql, Array(parameters.prefix(statement.parameterCount)))
      try await connection.query(query, deadline: Self.deadline)
    }
    return cut
  }

  /// A cut takes a fraction of a second; a hundred times that is a fault.
  private static let deadline = Duration.seconds(120)

  /// The next cut, from the archive when what follows is not in the database. Asked only then: a live model, which never needs the
  /// archive, pays nothing for it.
  private nonisolated(nonsending) func cut(
    _ connection: Connection, shard: Int, after: Int64, most: Int64
  ) async throws -> Cut? {
    do { return try await nextCut(connection, shard: shard, after: after, most: most) } catch let gap as Gap {
      guard let reach = try await ArchiveReader.bring(from: archive, connection, shard: shard, after: after) else {
        throw gap
      }
      return try await nextCut(connection, shard: shard, after: after, most: min(most, reach - after))
    }
  }

  private nonisolated(nonsending) func nextCut(
    _ connection: Connection, shard: Int, after: Int64, most: Int64
  ) async throws -> Cut? {
    let rows = try await connection.query(
      """
      SELECT h.last_position AS head, c.upto, c.hash, c.recorded_at, c.is_whole
      FROM log.heads AS h LEFT JOIN LATERAL projector.next_cut(h.shard, \(after), \(most)) AS c ON true
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
    return Cut(upto: upto, hash: try row.decode("hash"), recordedAt: try row.decode("recorded_at"), head: head)
  }

  /// - search_path: apply.sql names its tables without a schema.
  /// - synchronous_commit: a crash takes read model and checkpoint back together, and the log gives it all again.
  /// - work_mem: a cut of 50,000 events is hashed and sorted in memory.
  /// - jit: compiling a statement costs more than running it over one cut.
  private static func settings(schema: String) -> Query {
    """
    SELECT set_config('search_path', quote_ident(\(schema)), true), set_config('synchronous_commit', 'off', true),
      set_config('work_mem', '64MB', true), set_config('jit', 'off', true)
    """
  }
}
