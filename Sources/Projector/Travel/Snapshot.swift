package import Domain
package import Postgres

/// A read model as it was at a moment, built earlier.
package struct Snapshot: Sendable, Equatable {
  /// Its schema.
  package var schema: String
  /// What the schemas of its moment have in common.
  package var name: String
  /// The last position of each shard that it knows of.
  package var positions: [Int: Int64]
  /// When the last of these events was recorded; nil when there was none.
  package var recordedAt: Instant?
  /// Whether it is as it was; false while it is being built, or when that broke off.
  package var isComplete: Bool

  /// All there are, by schema. Any role of Recount may ask.
  package static func all(_ pool: Pool) async throws -> [Snapshot] {
    guard try await exists(pool) else { return [] }
    var snapshots: [Snapshot] = []
    let rows = try await pool.query(
      "SELECT schema, name, shard, upto, position, recorded_at FROM projector.snapshots ORDER BY schema, shard")
    for row in rows {
      let schema: String = try row.decode("schema")
      if snapshots.last?.schema != schema {
        snapshots.append(
          Snapshot(schema: schema, name: try row.decode("name"), positions: [:], recordedAt: nil, isComplete: true))
      }
      let upto: Int64 = try row.decode("upto")
      let last = snapshots.count - 1
      snapshots[last].positions[try row.decode("shard")] = upto
      if try row.decode("position", as: Int64.self) < upto { snapshots[last].isComplete = false }
      snapshots[last].recordedAt = [snapshots[last].recordedAt, try row.decode("recorded_at", as: Instant?.self)]
        .compactMap(\.self).max()
    }
    return snapshots
  }

  /// Drops the schemas of a moment by its name, or one schema by its own. Returns what was dropped. The pool acts as
  /// recount_projector. Throws ``TimeTravelError/unknown(_:)``.
  @discardableResult
  package static func drop(_ name: String, on pool: Pool) async throws -> [String] {
    let found = try await all(pool).filter { $0.schema == name || $0.name == name }.map(\.schema)
    guard !found.isEmpty else { throw TimeTravelError.unknown(name) }
    for schema in found {
      try await pool.transaction { connection in
        try await connection.query("DELETE FROM projector.snapshots WHERE schema = \(schema)", deadline: .seconds(300))
        try await connection.query("DROP SCHEMA IF EXISTS \(identifier: schema) CASCADE", deadline: .seconds(120))
      }
    }
    return found
  }

  private static func exists(_ pool: Pool) async throws -> Bool {
    try await pool.query("SELECT to_regclass('projector.snapshots') IS NOT NULL AS exists").first?.decode("exists")
      == true
  }
}
