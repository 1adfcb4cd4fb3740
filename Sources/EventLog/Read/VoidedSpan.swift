import Domain
package import Foundation
package import Postgres

/// Requests of a project and mode that a void takes out of what counts.
package struct VoidedSpan: Hashable, Sendable {
  /// From when on, in milliseconds since 1970, by the requests' own times.
  let from: Int64
  /// Until when, exclusive.
  let to: Int64
  /// Of those at or below this position.
  let upto: Int64
  /// Where the void stands: of two that reach a request, the one with the lower position took it.
  package let position: Int64
  /// The void's own id.
  package let id: UUID

  /// Those that take anything of a span, by voids up to a position.
  package static nonisolated(nonsending) func all(
    of subject: TrackedUnit.Subject, in span: Range<Int64>, upto position: Int64, _ connection: Connection
  ) async throws -> [VoidedSpan] {
    try await connection.query(
      """
      SELECT "from", "to", upto_position, void_position, void_id
      FROM log.voids_of_span(
        \(Int32(subject.shard)), \(subject.project), \(subject.mode.rawValue), \(position), \(span.lowerBound),
        \(span.upperBound))
      """
    ).map { row in
      VoidedSpan(
        from: try row.decode("from"), to: try row.decode("to"), upto: try row.decode("upto_position"),
        position: try row.decode("void_position"), id: try row.decode("void_id"))
    }
  }

  /// Whether it takes a request, by its time and position (`log.is_taken()`).
  package func takes(time: Int64, position: Int64) -> Bool { time >= from && time < to && position <= upto }

  /// Whether it takes all requests of a time, in milliseconds since 1970, up to a position.
  package func takesAll(of time: Range<Int64>, upto position: Int64) -> Bool {
    takes(time: time.lowerBound, position: position) && takes(time: time.upperBound - 1, position: position)
  }

  /// Whether it may take any request of a time, from a position on.
  package func mayTake(of time: Range<Int64>, from position: Int64) -> Bool {
    from < time.upperBound && to > time.lowerBound && position <= upto
  }
}
