import Domain
import Foundation

@testable import Application

/// What questions about traffic must come to, by looking at every event of the log.
struct PlainTraffic {
  let search: PlainSearch
  let filter: RequestFilter
  /// Where single requests begin.
  let detailFrom: Instant

  /// A span as it is counted: to the quarters, and where detail is kept.
  func counted(_ range: Range<Instant>) -> Range<Instant> {
    let range = range.isEmpty ? range : range.lowerBound.toQuarter..<range.upperBound.upToQuarter
    return min(max(range.lowerBound, detailFrom), range.upperBound)..<range.upperBound
  }

  func numbers(_ range: Range<Instant>) -> TrafficNumbers { Self.numbers(search.found(filter, in: range)) }

  /// By the beginnings of intervals, those without requests left out.
  func points(
    _ range: Range<Instant>, by unit: LocalCalendar.Unit, in calendar: LocalCalendar
  ) -> [Instant: TrafficNumbers] {
    Dictionary(grouping: search.found(filter, in: range)) {
      calendar.interval(unit, holding: $0.event.timestamp).lowerBound
    }.mapValues(Self.numbers)
  }

  func labels(_ range: Range<Instant>, by series: TrafficLabel) -> [String: TrafficNumbers] {
    let labelled = search.found(filter, in: range).compactMap { found in
      Self.label(found, series).map { (label: $0, found: found) }
    }
    return Dictionary(grouping: labelled, by: \.label).mapValues { Self.numbers($0.map(\.found)) }
  }

  private static func label(_ found: PlainSearch.Recorded, _ series: TrafficLabel) -> String? {
    switch series {
    case .endpoint: "\(found.event.method) \(found.event.template)"
    case .path: "\(found.event.method) \(found.path)"
    case .consumer: found.event.consumer
    case .release: found.event.release
    case .key: found.key.uuidString.lowercased()
    }
  }

  private static func numbers(_ found: [PlainSearch.Recorded]) -> TrafficNumbers {
    var cell = TrafficCell()
    for recorded in found {
      let time = recorded.event.responseTimeMs.map { NSDecimalNumber(decimal: $0 * 1_000_000).int64Value }
      cell.add(status: recorded.event.statusCode, time: time)
    }
    return TrafficNumbers(cell)
  }
}
