import Application
import Domain

/// A mark on a chart: a number at its head, which leads to its row of what happened.
struct Flag: Sendable {
  let number, x: String
  /// Of a span; nil of a moment.
  let width: String?
  let title: String

  /// Marks in the order of time, numbered from 1.
  ///
  /// - Parameter pieces: what the chart's bars are of, one after the other, each as wide as every other.
  static func all(_ marks: [Mark], over pieces: [Range<Instant>]) -> [Flag] {
    guard !pieces.isEmpty else { return [] }
    return marks.enumerated().map { index, mark in
      let x = place(of: mark.at, over: pieces)
      let end = mark.until.map { place(of: $0, over: pieces) }
      return Flag(
        number: String(index + 1), x: ChartScale.percent(x),
        width: end.map { ChartScale.percent(max(0, $0 - x)) }, title: mark.sentence)
    }
  }

  /// In parts of a hundred of the width; what lies outside stands at the edge.
  private static func place(of time: Instant, over pieces: [Range<Instant>]) -> Double {
    let width = 100 / Double(pieces.count)
    guard let index = pieces.lastIndex(where: { $0.lowerBound <= time }) else { return 0 }
    let piece = pieces[index]
    let part = (time - piece.lowerBound) / (piece.upperBound - piece.lowerBound)
    return width * (Double(index) + min(1, max(0, part)))
  }
}

extension Mark {
  /// In words. What people wrote, and releases, is foreign.
  var sentence: String {
    switch what {
    case .annotation(_, let text): return text.shown
    case .quotaCrossed(.thresholdReached, let quota):
      return "\(QuotaCrossing.thresholdReached.percent) % of the month's quota of \(Text.number(quota)) calls were used"
    case .quotaCrossed(.exceeded, let quota): return "The month's quota of \(Text.number(quota)) calls was used up"
    case .tierChanged(let tier): return "The account's tier became \(TierChoice(tier).name)"
    case .voided(_, let events, let reason): return "\(Text.calls(events)) voided: \(reason.shown)"
    case .releaseSeen(let release): return "Release \(release.shown) was first seen"
    }
  }
}
