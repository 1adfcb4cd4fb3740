import Application
import Domain

/// What became of everything that was sent: received = accepted + duplicates + refused + invalid, of what came in a period.
struct LedgerView: Sendable {
  let received, accepted, duplicates, refused, invalid: String
  /// Calls that came too fast, beside the equation; nil where none did.
  let throttled: String?
  let reasons: [Reason]
  let hasReasons: Bool
  /// Which periods of receipt are added up; nil where the page says it.
  let grain: String?

  /// Why events were not taken, and how many.
  struct Reason: Sendable {
    let text, events: String
  }

  init(_ counts: [IntakeCounts], grain: String? = nil) {
    func sum(_ part: (IntakeCounts) -> Int64) -> Int64 { counts.reduce(0) { $0.addingSaturating(part($1)) } }
    (received, accepted) = (Text.number(sum(\.received)), Text.number(sum(\.accepted)))
    (duplicates, refused) = (Text.number(sum(\.duplicates)), Text.number(sum(\.refused)))
    invalid = Text.number(sum(\.invalid))
    throttled = sum(\.throttled) > 0 ? Text.number(sum(\.throttled)) : nil
    reasons = Self.reasons(of: counts)
    hasReasons = !reasons.isEmpty
    self.grain = grain
  }

  /// Those that there are, each once.
  static func reasons(of counts: [IntakeCounts]) -> [Reason] {
    let all =
      counts.flatMap(\.refusedReasons).map { ($0.reason.text, $0.events) }
      + counts.flatMap(\.invalidReasons).map { ($0.reason.text, $0.events) }
    return Dictionary(all) { $0.addingSaturating($1) }.sorted { $0.key < $1.key }.map {
      Reason(text: $0.key, events: Text.number($0.value))
    }
  }
}

extension LedgerView {
  init(_ series: IntakeSeries) {
    switch series {
    case .byHour(let hours): self.init(hours.map(\.counts), grain: "by hour of receipt")
    case .byDay(let days): self.init(days.map(\.counts), grain: "by whole days (UTC) of receipt")
    }
  }
}
