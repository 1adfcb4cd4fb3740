import EventLog
import Postgres

/// A projection as a follower of the log: the live model, or the one that is being built beside it.
struct ProjectionFollower: Follower {
  let projection: Projection
  /// The schema that holds the tables, which is also what its progress is under.
  let name: String
  /// Tells who waits for the read model that it has moved, if anybody is to be told.
  private let announcer: Notifier?

  let progress = ProgressTable.projections
  /// A transient fault has gone by then.
  let patience: Int? = 3

  init(_ projection: Projection, schema: String? = nil, announcer: Notifier? = nil) {
    self.projection = projection
    name = schema ?? projection.name
    self.announcer = announcer
  }

  /// Not when the read model was built by another definition than ours: then it waits for a rebuild.
  func accepts(_ lease: Lease) throws -> Bool {
    try lease.row.decode("definition", as: String.self) == projection.definition
  }

  nonisolated(nonsending) func cut(after lease: Lease, most: Int64, on connection: Connection) async throws -> Cut? {
    try await Cut.next(
      after: lease.position, of: lease.shard, most: most, archive: projection.archive, connection)
  }

  nonisolated(nonsending) func follow(_ cut: Cut, from lease: Lease, on connection: Connection) async throws {
    try await projection.apply(cut, schema: name, foresight: lease.row.decode("foresight"), connection)
  }

  func moved(to cut: Cut) async {
    await announcer?.tell("\(name):\(cut.shard):\(cut.upto)", of: "\(name):\(cut.shard)")
  }
}

extension ProgressTable {
  /// Of read models.
  static let projections = ProgressTable(schema: "projector", table: "progress", follower: "projection")
}
