package import Postgres

/// Where batches of a shard end: a request of theirs is known by its position alone, what it lies in is the first that ends there or later.
package struct BatchEnds: Sendable {
  private let ends: [Int64]
  private var index = 0

  /// Of those that hold what lies after a position, up to another, which is a batch's last.
  package static nonisolated(nonsending) func all(
    of shard: Int, after: Int64, upto: Int64, _ connection: Connection
  ) async throws -> BatchEnds {
    let rows = try await connection.query(
      "SELECT last_position FROM log.batch_ends(\(Int32(shard)), \(after), \(upto))", deadline: .seconds(120))
    return BatchEnds(ends: try rows.map { try $0.decode("last_position") })
  }

  init(ends: [Int64]) { self.ends = ends }

  /// The last end before a position; nil before all.
  func last(before position: Int64) -> Int64? { ends.last { $0 < position } }

  /// The end of the batch that holds a position, which is asked for in order; nil beyond the last.
  package mutating func end(holding position: Int64) -> Int64? {
    while index < ends.count, ends[index] < position { index += 1 }
    return index < ends.count ? ends[index] : nil
  }
}
