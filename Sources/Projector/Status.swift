package import Logging
package import Postgres

/// How one read model does on one shard.
package struct Status: Sendable, Equatable {
  /// The projection's name; `<name>_next` while it is rebuilt.
  package var projection: String
  /// The shard.
  package var shard: Int
  /// The last position that it knows of.
  package var position: Int64
  /// The log's last position.
  package var head: Int64
  /// Events that it does not know of yet.
  package var behind: Int64
  /// The age of the oldest event that it does not know of yet, in seconds; 0 when it knows all.
  package var secondsBehind: Double
  /// Why it is stopped; nil when it runs.
  package var error: String?
  /// Whether an event could not be applied, so that somebody must look.
  package var isStopped: Bool

  /// All read models, by name and shard; empty before the first projector has run. Any role of Recount may ask.
  package static func all(_ pool: Pool) async throws -> [Status] {
    guard try await exist(pool) else { return [] }
    return try await pool.query(
      """
      SELECT projection, shard, position, head, behind, seconds_behind, status, error
      FROM projector.status ORDER BY projection, shard
      """
    ).map(Status.init(row:))
  }

  /// Lets stopped ones try again, of one projection or all. Returns how many there were. The pool acts as recount_projector.
  @discardableResult
  package static func resume(_ projection: String? = nil, on pool: Pool, logger: Logger) async throws -> Int {
    guard try await exist(pool) else { return 0 }
    // Puts the projector's own tables in place, where no projector of this version has run yet.
    _ = try await Installation(pool: pool, projections: [], logger: logger).run()
    return try await pool.query(
      Query(
        """
        UPDATE projector.progress SET status = 'running', error = NULL
        WHERE status = 'stopped' AND ($1::text IS NULL OR projection = $1)
        RETURNING projection
        """, [projection])
    ).count
  }

  /// Whether a projector has ever run.
  private static func exist(_ pool: Pool) async throws -> Bool {
    try await pool.query("SELECT to_regclass('projector.status') IS NOT NULL AS exist").first?.decode("exist") ?? false
  }

  private init(row: Row) throws {
    projection = try row.decode("projection")
    shard = try row.decode("shard")
    position = try row.decode("position")
    head = try row.decode("head")
    behind = try row.decode("behind")
    secondsBehind = try row.decode("seconds_behind")
    error = try row.decode("error")
    isStopped = try row.decode("status", as: String.self) == "stopped"
  }
}
