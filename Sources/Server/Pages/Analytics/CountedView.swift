import Application
import Domain

/// What numbers are as of, and of how much of the span they are.
struct CountedView: Sendable {
  let asOf: Moment?
  let position: String
  let behind: String?
  /// Where not all was counted, why; nil where all was.
  let stopped: String?
  /// Since when there is detail, where the span begins before; with the tier that keeps it longer.
  let forgotten: String?
  let api: String

  init(_ answer: SpanAnswer<TrafficSummary>, _ asked: TrafficAsked) {
    let known = answer.answered.asOf
    asOf = known.time.map { Moment($0, in: asked.calendar, .second) }
    position = Text.number(known.position)
    let missing = known.logPosition - known.position
    behind = missing > 0 ? Text.number(missing) : nil
    stopped = Self.stopped(answer.coverage, asked)
    forgotten = Self.forgotten(answer, asked)
    api = asked.apiPlace("summary", asked.terms).path
  }

  private static func stopped(_ coverage: Coverage, _ asked: TrafficAsked) -> String? {
    let from = asked.calendar.text(of: coverage.countedFrom, .second)
    return switch coverage.stop {
    case nil: nil
    case .cost:
      "Not all of the period is counted: with these filters it takes more of the log than one page may read. The numbers are those from \(from) on."
    case .archive:
      "Not all of the period is counted: what lies before \(from) is in an archived month that this server can't read."
    }
  }

  private static func forgotten(_ answer: SpanAnswer<TrafficSummary>, _ asked: TrafficAsked) -> String? {
    guard let detail = answer.answered.detailFrom, asked.range.lowerBound < detail else { return nil }
    // Since when detail is kept tells the tier, which is nobody's business but the members'.
    guard let tier = asked.tenant?.tier else { return "Of earlier days there are daily totals alone." }
    let before = "Before \(detail.dayText) (UTC) there are daily totals alone"
    let longer = Tier.allCases.filter { $0.detailDays > tier.detailDays }.map {
      "\(TierChoice($0).name) keeps it for \($0.detailDays)"
    }
    let others = longer.isEmpty ? "" : "; \(longer.joined(separator: ", "))"
    return
      "\(before): on \(TierChoice(tier).name), endpoints, hours and single requests are kept for \(tier.detailDays) days\(others)."
  }
}
