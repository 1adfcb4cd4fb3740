import Postgres

/// What a verification found.
package struct VerifyReport: Sendable, Equatable {
  /// Events whose batches hold together.
  package var events: Int64 = 0
  /// The first bad batch of each shard that has one.
  package var faults: [VerifyFault] = []
}

/// A batch that breaks its shard's chain.
package struct VerifyFault: Sendable, Equatable {
  /// The chain.
  package var shard: Int
  /// Its first event.
  package var firstPosition: Int64
  /// Its last event.
  package var lastPosition: Int64
  /// In words.
  package var reason: String
}

extension VerifyFault {
  init(_ row: Row, shard: Int) throws {
    self.shard = shard
    firstPosition = try row.decode("first_position")
    lastPosition = try row.decode("last_position")
    reason = try row.decode("reason")
  }

  /// A log cut off at its end is a chain in order; only what stands outside it can tell.
  static func cutOff(shard: Int, at end: Int64, head: Int64) -> VerifyFault {
    VerifyFault(
      shard: shard, firstPosition: end + 1, lastPosition: head,
      reason: "the log ends at position \(end), but its head says \(head): its end was cut off or replaced")
  }
}

extension VerifyFault {
  /// What can't be read can't be trusted.
  static func unreadable(shard: Int, after: Int64, upto: Int64, _ error: ArchiveError) -> VerifyFault {
    VerifyFault(shard: shard, firstPosition: after + 1, lastPosition: upto, reason: error.description)
  }
}

/// Which part of the log a verification walks.
package struct VerifyRange: Sendable, Equatable {
  /// One shard; nil for all.
  package var shard: Int?
  /// From the batch that holds this position. What stands before it is taken on trust.
  package var from: Int64?
  /// To the batch that holds this position.
  package var to: Int64?

  /// A range. Positions count within a shard.
  package init(shard: Int? = nil, from: Int64? = nil, to: Int64? = nil) {
    self.shard = shard
    self.from = from
    self.to = to
  }
}

/// Why a range can't be verified.
package enum VerifyError: Error, Equatable, CustomStringConvertible {
  /// The log has no such shard.
  case unknownShard(Int)
  /// The range begins after the log's end.
  case beyondTheEnd(shard: Int, from: Int64, end: Int64)

  /// Says what to do.
  package var description: String {
    switch self {
    case .unknownShard(let shard): "shard \(shard) does not exist in this log: leave --shard out to see them all"
    case .beyondTheEnd(let shard, let from, let end):
      "shard \(shard) ends at position \(end), before \(from): choose a position up to there"
    }
  }
}
