package import Domain

/// How long a project's requests took in a span, by intervals and in all.
package struct TrafficLatency: Sendable, Equatable {
  /// Of all of the span.
  package let numbers: TrafficNumbers
  /// Of each interval, in order.
  package let points: [TrafficPoint]
}

/// A bucket of a histogram that is not empty.
package struct TrafficBucket: Sendable, Equatable {
  /// Where it begins, inclusive: milliseconds, exact.
  package let lower: String
  /// Where it ends, exclusive: milliseconds, exact. Nil of what is longer than any request may take.
  package let upper: String?
  /// How many requests took so long.
  package let calls: Int64
}

extension TrafficNumbers {
  /// The histogram of its response times, shortest first.
  package var buckets: [TrafficBucket] {
    cell.latency.entries.map { entry in
      let (lower, upper) = LatencyBuckets.bounds(of: entry.number)
      return TrafficBucket(
        lower: Self.milliseconds(nanoseconds: lower),
        upper: upper.map(Self.milliseconds(nanoseconds:)), calls: entry.count)
    }
  }

  /// How its response times do against a threshold in nanoseconds.
  package func apdex(threshold: Int64) -> Apdex { cell.apdex(threshold: threshold) }
}

extension Apdex {
  /// T in milliseconds, as a decimal.
  package var thresholdMilliseconds: String { TrafficNumbers.milliseconds(nanoseconds: max(0, threshold)) }
}

extension Questions {
  /// A span of a project's traffic in one, and as points, one per interval of a time zone, in order. Intervals that are no longer kept are
  /// left out, as of ``trafficChart(_:by:in:_:)``; in one there are all.
  package func trafficLatency(
    _ span: TrafficSpan, by unit: LocalCalendar.Unit, in calendar: LocalCalendar
  ) async throws -> Answered<TrafficLatency> {
    let shard = self.shard(of: span.account)
    return try await ofRows(span, TrafficTerms(), "latency \(unit.rawValue) \(calendar.name)") { snapshot, spans in
      let (span, detailFrom) = (spans.own, spans.detailFrom)
      let pieces = calendar.pieces(of: span.range, by: unit).filter { piece in
        SpanDays(piece.span).parts.allSatisfy { $0.day >= detailFrom }
      }
      let cut = unit == .minute ? [] : pieces.map(\.span)
      let parts = Set((cut + [span.range]).flatMap { SpanDays($0).parts.map(\.day) })
      let days = try await snapshot.days(span, shard: shard, parts: Array(parts))
      let points =
        if unit == .minute {
          try await snapshot.minutes(pieces, span, shard: shard)
        } else {
          pieces.map { TrafficPoint(time: $0.start, numbers: TrafficNumbers(days.total(of: $0.span))) }
        }
      return TrafficLatency(numbers: TrafficNumbers(days.total(of: span.range)), points: points)
    }
  }
}
