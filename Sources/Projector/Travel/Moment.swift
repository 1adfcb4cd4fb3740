package import Domain
import EventLog
import Postgres

/// A moment in the log's past, as somebody asks for it.
package enum AskedMoment: Sendable, Equatable {
  /// What had been recorded at or before a time, in every shard.
  case time(Instant)
  /// Positions by shard. Shards left out stand as they did when the latest of these was recorded.
  case positions([Int: Int64])
}

/// A moment in the log's past, as positions: a prefix of every shard's chain, each ending with a batch.
package struct Moment: Sendable, Equatable {
  /// The prefix of each shard, in order.
  package var shards: [Prefix]

  /// How much of a shard's log there was.
  package struct Prefix: Sendable, Equatable {
    /// The shard.
    package var shard: Int
    /// Its last position; 0 when it was empty.
    package var position: Int64
    /// The chain's link there.
    var hash: [UInt8]
    /// When that was recorded; nil when it was empty.
    package var recordedAt: Instant?
    /// Where it ends before the position that was asked for: the batch that it would have to cut.
    package var uncut: Uncut?
  }

  /// A batch with the position that was asked for before its end. It was recorded as one, so that read models never stood within it.
  package struct Uncut: Sendable, Equatable {
    /// The position asked for.
    package var asked: Int64
    /// The batch's positions.
    package var batch: ClosedRange<Int64>
  }

  /// Events that there were, over all shards.
  package var events: Int64 { shards.reduce(0) { $0 + $1.position } }

  /// Looks up where the log stood, in the transaction that is open. Throws ``MomentError`` for a shard or position that it does not
  /// have, `ArchiveError` when that lies in an archive that can't be read.
  nonisolated(nonsending) init(_ asOf: AskedMoment, archive: ArchiveReader?, _ connection: Connection) async throws {
    let heads = try await connection.query("SELECT shard, last_position FROM log.heads ORDER BY shard").map {
      (shard: try $0.decode("shard", as: Int.self), position: try $0.decode("last_position", as: Int64.self))
    }
    var time: Instant?
    var positions: [Int: Int64] = [:]
    switch asOf {
    case .time(let asked): time = asked
    case .positions(let asked):
      for (shard, position) in asked.sorted(by: { $0.key < $1.key }) {
        guard let head = heads.first(where: { $0.shard == shard }) else {
          throw MomentError.unknownShard(shard, count: heads.count)
        }
        guard position <= head.position else {
          throw MomentError.beyondTheEnd(shard: shard, position: position, end: head.position)
        }
        let prefix = try await Self.prefix(of: shard, time: nil, upto: position, archive, connection)
        time = [time, prefix.recordedAt].compactMap(\.self).max()
      }
      positions = asked
    }
    shards = []
    for (shard, head) in heads {
      // Nothing was recorded up to these positions: then nothing was recorded at all.
      let upto = positions[shard] ?? (time == nil ? 0 : head)
      shards.append(
        try await Self.prefix(of: shard, time: positions[shard] == nil ? time : nil, upto: upto, archive, connection))
    }
  }

  private static nonisolated(nonsending) func prefix(
    of shard: Int, time: Instant?, upto: Int64, _ archive: ArchiveReader?, _ connection: Connection
  ) async throws -> Prefix {
    let around = try await connection.query(
      Query("SELECT first_position FROM log.frame_around($1, $2::timestamptz, $3)", [Int32(shard), time, upto]))
    if let first = try around.first?.decode("first_position", as: Int64.self) {
      try await ArchiveReader.bring(from: archive, connection, shard: shard, after: first - 1)
    }
    let rows = try await connection.query(
      Query(
        "SELECT position, hash, recorded_at FROM log.moment($1, $2::timestamptz, $3)",
        [Int32(shard), time, upto]))
    guard let row = rows.first else { throw PostgresError(.decoding, "log.moment() gave no row") }
    var prefix = Prefix(
      shard: shard, position: try row.decode("position"), hash: try row.decode("hash"),
      recordedAt: try row.decode("recorded_at"))
    if time == nil { prefix.uncut = try await uncut(of: shard, after: prefix.position, asked: upto, connection) }
    return prefix
  }

  /// The batch is at hand: it lies in the frame around the position, or in the database.
  private static nonisolated(nonsending) func uncut(
    of shard: Int, after position: Int64, asked: Int64, _ connection: Connection
  ) async throws -> Uncut? {
    guard asked > position else { return nil }
    let rows = try await connection.query(
      """
      SELECT min(b.last_position) AS last_position FROM log.batches_at_hand AS b
      WHERE b.shard = \(Int32(shard)) AND b.last_position >= \(asked)
      """)
    guard let last = try rows.first?.decode("last_position", as: Int64?.self) else { return nil }
    return Uncut(asked: asked, batch: position + 1...last)
  }
}

/// Why a moment is not one of this log's.
package enum MomentError: Error, Equatable, CustomStringConvertible {
  /// The log has no such shard.
  case unknownShard(Int, count: Int)
  /// The shard's log does not go that far.
  case beyondTheEnd(shard: Int, position: Int64, end: Int64)

  /// Says what to do.
  package var description: String {
    switch self {
    case .unknownShard(let shard, let count):
      "shard \(shard) does not exist in this log: allowed are 0 to \(count - 1)"
    case .beyondTheEnd(let shard, let position, let end):
      "position \(position) of shard \(shard) has not been recorded yet: allowed are 0 to \(end)"
    }
  }
}
