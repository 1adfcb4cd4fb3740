import EventLog
import Postgres

/// A projection replayed from the log alone, into a schema of its own.
struct Replay: Sendable {
  let projection: Projection
  /// Whether what it is held against is moved by the append itself, and so always where the log is.
  var followsTheLog = false
  /// How far it is, by shard. In memory: a replay that dies begins again.
  var positions: [Int: Int64] = [:]
  /// How far it foresees voids, by shard: as the live model did, and to where that was when the replay began.
  var foresight: [Int: Int64] = [:]

  var events: Int64 { positions.values.reduce(0, +) }

  /// Events a cut takes: any number, so that no two replays cut alike.
  private static let sizes: ClosedRange<Int64> = 1...40_000
  /// What is left for the last transaction, which also compares.
  private static let rest: Int64 = 50_000

  /// How far what it is held against is, by shard; empty when that has not been built yet.
  nonisolated(nonsending) func livePositions(_ connection: Connection) async throws -> [Int: Int64] {
    guard followsTheLog else { return try await LiveModel.positions(of: projection, connection) }
    return try await LiveModel.heads(connection)
  }

  nonisolated(nonsending) func begin(_ connection: Connection) async throws {
    try await drop(connection)
    try await connection.transaction { connection in
      try await projection.createTables(in: projection.replayName, connection)
    }
  }

  nonisolated(nonsending) func drop(_ connection: Connection) async throws {
    try await connection.query(
      "DROP SCHEMA IF EXISTS \(identifier: projection.replayName) CASCADE", deadline: .seconds(120))
  }

  /// Replays to where the live model was, one transaction per cut, until little is left of what it has moved since.
  nonisolated(nonsending) mutating func advance(
    to live: [Int: Int64], _ connection: Connection, _ progress: @Sendable (ReplayCheck.Progress) -> Void
  ) async throws {
    var live = live
    repeat {
      let total = live.values.reduce(0, +)
      for (shard, end) in live.sorted(by: { $0.key < $1.key }) {
        while let after = positions[shard], after < end {
          let most = min(Int64.random(in: Self.sizes), end - after)
          let replay = self
          positions[shard] = try await connection.transaction { connection in
            try await replay.cut(shard, after: after, most: most, connection)
          }
          progress(ReplayCheck.Progress(projection: projection.name, events: events, total: total))
        }
      }
      live = try await livePositions(connection)
    } while live.values.reduce(0, +) - events > Self.rest
  }

  /// The last part, in the transaction that compares.
  nonisolated(nonsending) mutating func advanceInTransaction(to live: [Int: Int64], _ connection: Connection)
    async throws
  {
    for (shard, end) in live {
      while let after = positions[shard], after < end {
        let most = min(Int64.random(in: Self.sizes), end - after)
        positions[shard] = try await cut(shard, after: after, most: most, connection)
      }
    }
  }

  /// The live position is a batch's end, so a cut that takes no more than what is left, or one batch, can't go beyond it.
  private nonisolated(nonsending) func cut(
    _ shard: Int, after: Int64, most: Int64, _ connection: Connection
  ) async throws -> Int64 {
    let cut = try await projection.advance(
      connection, schema: projection.replayName, shard: shard, after: after, most: most,
      foresight: foresight[shard] ?? 0)
    guard let cut else {
      throw Gap(
        shard: shard, after: after,
        detail: "a read model is further along than the log, whose end must have been cut off")
    }
    return cut.upto
  }
}

/// Where a live read model is.
enum LiveModel {
  /// By shard, how far it is; empty when it has not been built yet.
  static nonisolated(nonsending) func positions(
    of projection: Projection, _ connection: Connection
  ) async throws -> [Int: Int64] {
    try await numbers("position", of: projection, connection)
  }

  /// By shard, the position up to which it takes voids into account already.
  static nonisolated(nonsending) func foresight(
    of projection: Projection, _ connection: Connection
  ) async throws -> [Int: Int64] {
    try await numbers("greatest(position, foresight)", of: projection, connection)
  }

  private static nonisolated(nonsending) func numbers(
    _ expression: String, of projection: Projection, _ connection: Connection
  ) async throws -> [Int: Int64] {
    let exists = try await connection.query(
      "SELECT to_regclass('projector.progress') IS NOT NULL AND to_regnamespace(\(projection.name)) IS NOT NULL AS exists"
    )
    guard try exists.first?.decode("exists") == true else { return [:] }
    let rows = try await connection.query(
      """
      SELECT shard, \(unescaped: expression) AS number FROM projector.progress WHERE projection = \(projection.name)
      """)
    return try byShard(rows)
  }

  /// Where the log is.
  static nonisolated(nonsending) func heads(_ connection: Connection) async throws -> [Int: Int64] {
    try await byShard(connection.query("SELECT shard, last_position AS number FROM log.heads"))
  }

  private static func byShard(_ rows: Rows) throws -> [Int: Int64] {
    Dictionary(
      uniqueKeysWithValues: try rows.map {
        (try $0.decode("shard", as: Int.self), try $0.decode("number", as: Int64.self))
      })
  }
}
