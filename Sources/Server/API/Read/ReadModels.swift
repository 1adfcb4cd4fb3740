import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres

/// Answers questions from read models: rows, and how far along the log they are. Both from one snapshot, so that the position
/// told is the position shown.
struct ReadModels: Sendable {
  let pool: Pool

  /// Answers take milliseconds: what takes a thousand times as long is not waited for by anybody.
  private static let deadline = Duration.seconds(10)

  /// How far behind the log an answer is.
  struct AsOf: Sendable {
    /// The last event the answer knows of.
    let position: Int64
    /// When that event was recorded; nil for an empty log.
    let time: Date?
    /// The log's last event.
    let logPosition: Int64

    var json: JSONValue {
      .object([
        "position": .integer(Int(position)), "time": time.map { .string(Timestamp.text($0)) } ?? .null,
        "log_position": .integer(Int(logPosition)),
        "behind": .integer(Int(logPosition.subtractingSaturating(position))),
      ])
    }
  }

  /// Runs a query of a projection on one shard.
  func answer(_ query: Query, of projection: String, shard: Int) async throws -> (rows: Rows, asOf: AsOf) {
    let (rows, asOf) = try await answer([query], of: projection, shard: shard)
    return (rows[0], asOf)
  }

  /// Runs queries of a projection on one shard, all of them on one snapshot.
  func answer(_ queries: [Query], of projection: String, shard: Int) async throws -> (rows: [Rows], asOf: AsOf) {
    try await answer(of: projection, shard: shard) { _ in queries }
  }

  /// Runs queries that are told what they are as of.
  func answer(
    of projection: String, shard: Int, _ queries: @escaping @Sendable (AsOf) -> [Query]
  ) async throws -> (rows: [Rows], asOf: AsOf) {
    try await pool.transaction(.repeatableRead, readOnly: true) { connection in
      let state = try await connection.query(
        "SELECT position, recorded_at, log_position FROM projector.as_of(\(projection), \(Int32(shard)))")
      guard let row = state.first else { throw Problem.projectionStopped("the read model \(projection) has not") }
      let asOf = AsOf(
        position: try row.decode("position"), time: try row.decode("recorded_at"),
        logPosition: try row.decode("log_position"))
      var rows: [Rows] = []
      for query in queries(asOf) { rows.append(try await connection.query(query, deadline: Self.deadline)) }
      return (rows, asOf)
    }
  }
}
