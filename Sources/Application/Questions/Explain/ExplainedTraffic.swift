package import Domain
package import Foundation

/// What makes the number of a project's requests in a span, by their own timestamps: what was recorded when, what came late, what was voided.
package struct ExplainedTraffic: Sendable {
  /// The chain in which positions count.
  package let shard: Int
  /// What has been recorded of the span, and what of that counts now.
  package let numbers: TrafficPieces
  /// Where the log stood at the moment asked about; nil where none was, or where that can't be told.
  package let known: Int64?
  /// Why it ended before the span's beginning; nil where it did not.
  package let stop: RequestPage.Stop?
  /// From when on all has been counted: of the span before it, nothing has.
  package let explainedFrom: Instant
}

/// Requests of a span, added up. counted = recorded - voided, and as of a moment counted = then - voidedSince + late.
package struct TrafficPieces: Sendable, Equatable {
  /// Requests that were recorded on a day.
  package struct Day: Sendable, Equatable {
    /// How many were recorded, voided or not.
    package var recorded: Int64 = 0
    /// How many of them were voided.
    package var voided: Int64 = 0
    /// How many of them were recorded after the moment asked about.
    package var late: Int64 = 0
    /// Where the first of them stands.
    package var first = Int64.max
    /// Where the last of them stands. Others' may stand between.
    package var last = Int64.min
  }

  /// All.
  package var recorded: Int64 = 0
  /// Taken out of the numbers by now.
  package var voided: Int64 = 0
  /// Recorded by the moment asked about, and not voided by then: what was shown.
  package var then: Int64 = 0
  /// Recorded after it, and counted now.
  package var late: Int64 = 0
  /// Counted then, and voided since.
  package var voidedSince: Int64 = 0
  /// Where the first of those stands that count now.
  package var first: Int64?
  /// Where the last of them stands. Others' may stand between.
  package var last: Int64?
  /// By the beginning of the day (UTC) of recording.
  package var days: [Instant: Day] = [:]
  /// How many each void took, by its position.
  package var voids: [Int64: Int64] = [:]

  /// Of none.
  package init() {}

  /// What counts now.
  package var counted: Int64 { recorded - voided }

  /// Takes in some requests that stand between two positions, both of which are theirs, were recorded on a day and were taken by a void, or by none.
  mutating func add(
    _ count: Int64, between positions: ClosedRange<Int64>, on day: Instant, takenBy void: Int64?, known: Int64?
  ) {
    let (isLate, isVoided) = (known.map { positions.lowerBound > $0 } ?? false, void != nil)
    recorded += count
    var entry = days[day] ?? Day()
    entry.recorded += count
    entry.first = min(entry.first, positions.lowerBound)
    entry.last = max(entry.last, positions.upperBound)
    if isLate { entry.late += count }
    if isVoided { entry.voided += count }
    days[day] = entry
    if let void {
      voided += count
      voids[void, default: 0] += count
    } else {
      first = min(first ?? .max, positions.lowerBound)
      last = max(last ?? .min, positions.upperBound)
      if isLate { late += count }
    }
    guard let known, !isLate, void.map({ $0 > known }) ?? true else { return }
    then += count
    if isVoided { voidedSince += count }
  }

  mutating func add(_ other: TrafficPieces) {
    recorded += other.recorded
    voided += other.voided
    then += other.then
    late += other.late
    voidedSince += other.voidedSince
    first = [first, other.first].compactMap(\.self).min()
    last = [last, other.last].compactMap(\.self).max()
    voids.merge(other.voids, uniquingKeysWith: +)
    days.merge(other.days) { one, other in
      Day(
        recorded: one.recorded + other.recorded, voided: one.voided + other.voided, late: one.late + other.late,
        first: min(one.first, other.first), last: max(one.last, other.last))
    }
  }
}

/// A void that took requests of a span.
package struct TrafficVoid: Sendable, Equatable {
  /// The void's own id.
  package let id: UUID
  /// Where it stands in the log.
  package let position: Int64
  /// How many of the span it took.
  package let events: Int64
}
