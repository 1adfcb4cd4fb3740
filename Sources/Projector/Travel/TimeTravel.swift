package import EventLog
package import Foundation
package import Logging
package import Postgres

/// Builds read models as they were at a moment, each in a schema of its own beside the live one, from the log alone.
///
/// 1. The moment becomes a prefix of every shard's log (``Moment``).
/// 2. Each projection gets a schema `<projection>_<name>`, readable by the server and by auditors, and a row for each shard in
///    `projector.snapshots` that says how far it is to go.
/// 3. It is brought there by the live model's own apply.sql, a transaction for each cut. A build that broke off goes on
///    where it was when the same is asked again; two processes that ask for the same share the work.
///
/// They stay until they are dropped by name (``Snapshot/drop(_:on:)``).
package struct TimeTravel: Sendable {
  let pool: Pool
  let folder: URL
  let archive: ArchiveReader?
  let logger: Logger

  /// Over a folder of projections. The pool acts as recount_projector, which may create schemas.
  package init(pool: Pool, projections folder: URL, archive: ArchiveReader? = nil, logger: Logger) {
    self.pool = pool
    self.folder = folder
    self.archive = archive
    self.logger = logger
  }

  /// What was built.
  package struct Report: Sendable {
    /// The positions used.
    package var moment: Moment
    /// The schemas, in the order of the projections' names.
    package var schemas: [String]
  }

  /// Builds these projections (nil: all) under a name (nil: one made of the moment). Throws ``MomentError``,
  /// ``TimeTravelError``, ``ProjectionError`` or `PostgresError`.
  package func run(
    to asOf: AskedMoment, only names: [String]? = nil, name: String? = nil,
    progress: @Sendable (ReplayCheck.Progress) -> Void = { _ in }
  ) async throws -> Report {
    let all = try Projection.all(in: folder, archive: archive)
    for name in names ?? [] where !all.contains(where: { $0.name == name }) {
      throw ProjectionError.unknown(name, known: all.map(\.name))
    }
    let wanted = all.filter { names?.contains($0.name) ?? true }
    let name = name ?? SnapshotName.of(asOf)
    for projection in wanted { try SnapshotName.check(name, for: projection.name) }
    // Puts the projector's own tables in place, where no projector of this version has run yet.
    _ = try await Installation(pool: pool, projections: [], logger: logger).run()
    let moment = try await pool.transaction(readOnly: true) { connection in
      try await ArchiveReader.keepMonths(connection)
      return try await Moment(asOf, archive: archive, connection)
    }
    var schemas: [String] = []
    for projection in wanted {
      let build = SnapshotBuild(pool: pool, projection: projection, name: name, moment: moment)
      try await build.run(progress)
      schemas.append(build.schema)
    }
    return Report(moment: moment, schemas: schemas)
  }
}

/// Why read models can't be built as asked.
package enum TimeTravelError: Error, Equatable, CustomStringConvertible {
  /// The name can't be part of a schema's.
  case name(String, longest: Int)
  /// A schema of this name is there, and is not a read model of this moment.
  case taken(schema: String)
  /// There is nothing of this name to drop.
  case unknown(String)

  /// Says what to do.
  package var description: String {
    switch self {
    case .name(let name, let longest):
      "the name \(name) becomes part of schemas' names: allowed are lower-case letters, digits and _, at most \(longest); give "
        + "one with --name"
    case .taken(let schema):
      "there is a schema \(schema) already, of another moment or definition: drop it (recount replay drop), or give another --name"
    case .unknown(let name): "no read model of the past is called \(name): `recount replay list` shows those there are"
    }
  }
}
