import EventLog
import Postgres

extension Projection {
  /// Applies the next `most` events or fewer, at least one batch, to the tables in `schema`, in the transaction that is open.
  /// Nil at the log's end. Throws `Gap` when the batches don't follow one another from `after` on, so that no event is
  /// skipped in silence. `foresight` is the position up to which voids are known from the first event on
  /// (`log.read_beside_voids()`).
  nonisolated(nonsending) func advance(
    _ connection: Connection, schema: String, shard: Int, after: Int64, most: Int64, foresight: Int64
  ) async throws -> Cut? {
    guard let cut = try await Cut.next(after: after, of: shard, most: most, archive: archive, connection) else {
      return nil
    }
    try await apply(cut, schema: schema, foresight: foresight, connection)
    return cut
  }

  /// Applies a cut to the tables in `schema`, in the transaction that is open.
  nonisolated(nonsending) func apply(
    _ cut: Cut, schema: String, foresight: Int64, _ connection: Connection
  ) async throws {
    try await connection.query(Self.settings(schema: schema))
    try await SeriesCut(cut: cut, foresight: foresight, connection: connection).apply(kept)
    let parameters: [any PostgresEncodable] = [Int32(cut.shard), cut.after, cut.upto, foresight]
    for statement in apply {
      let query = Query(statement.sql, Array(parameters.prefix(statement.parameterCount)))
      try await connection.query(query, deadline: Self.deadline)
    }
  }

  /// A cut takes a fraction of a second; a hundred times that is a fault.
  private static let deadline = Duration.seconds(120)

  /// - search_path: apply.sql names its tables without a schema.
  /// - synchronous_commit: a crash takes read model and progress back together, and the log gives it all again.
  /// - work_mem: a cut is hashed and sorted in memory.
  /// - jit: compiling a statement costs more than running it over one cut.
  private static func settings(schema: String) -> Query {
    """
    SELECT set_config('search_path', quote_ident(\(schema)), true), set_config('synchronous_commit', 'off', true),
      set_config('work_mem', '64MB', true), set_config('jit', 'off', true)
    """
  }
}
