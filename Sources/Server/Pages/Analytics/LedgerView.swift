import Application
import Domain

/// received = accepted + duplicates + refused + invalid, of what came in a period.
struct LedgerView: Sendable {
  let received, accepted, duplicates, refused, invalid, throttled: String
  let hasThrottled, hasReasons: Bool
  let reasons: [Reason]
  /// Which periods of receipt are added up.
  let grain: String

  struct Reason: Sendable {
    let text, events: String
  }

  init(_ series: IntakeSeries) {
    let counts: [IntakeCounts]
    switch series {
    case .byHour(let hours): (counts, grain) = (hours.map(\.counts), "by hour of receipt")
    case .byDay(let days): (counts, grain) = (days.map(\.counts), "by whole days (UTC) of receipt")
    }
    func sum(_ part: (IntakeCounts) -> Int64) -> String { Text.number(counts.reduce(0) { $0 + part($1) }) }
    received = sum(\.received)
    accepted = sum(\.accepted)
    duplicates = sum(\.duplicates)
    refused = sum(\.refused)
    invalid = sum(\.invalid)
    throttled = sum(\.throttled)
    hasThrottled = counts.contains { $0.throttled > 0 }
    let all =
      counts.flatMap(\.refusedReasons).map { ($0.reason.text, $0.events) }
      + counts.flatMap(\.invalidReasons).map { ($0.reason.text, $0.events) }
    reasons = Dictionary(all, uniquingKeysWith: +).sorted { $0.key < $1.key }.map {
      Reason(text: $0.key, events: Text.number($0.value))
    }
    hasReasons = !reasons.isEmpty
  }
}
