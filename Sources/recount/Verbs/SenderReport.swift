import Application
import Domain
import Foundation

/// Senders in lines for people: a table, and below it a sentence for each of which something is missing.
struct SenderReport {
  private var rows: [[String]] = []
  private var sentences: [String] = []

  private static let head = ["sender", "sent", "here", "missing", "events", "dropped", "last seen"]
  /// Gaps that a sentence tells one by one: the latest. The API tells more.
  private static let told = 5

  var isAnythingMissing: Bool { !sentences.isEmpty }

  var lines: [String] {
    guard !rows.isEmpty else { return ["no call has named a sender in this mode"] }
    return ([Self.head] + rows).map(line) + (sentences.isEmpty ? [] : [""] + sentences)
  }

  mutating func add(_ sender: ListedSender) {
    rows.append(
      [sender.id.text] + [sender.sent, sender.here, sender.missing, sender.events, sender.dropped].map(Self.number)
        + [sender.lastSeen.textToSecond])
    if sender.missing > 0 { sentences.append(Self.sentence(sender)) }
  }

  /// The first column to the left, numbers to the right.
  private func line(_ cells: [String]) -> String {
    cells.indices.map { column in
      let width = ([Self.head] + rows).reduce(0) { max($0, $1[column].count) }
      let space = String(repeating: " ", count: width - cells[column].count)
      return column == 0 ? cells[column] + space : space + cells[column]
    }.joined(separator: "  ")
  }

  private static func sentence(_ sender: ListedSender) -> String {
    var missing = sender.gaps.suffix(told).map(stretch)
    let others = sender.missing - sender.gaps.suffix(told).reduce(0) { $0 + $1.count }
    if others > 0 { missing.append("\(number(others)) before") }
    return "sender \(sender.id.text): \(number(sender.sent)) sent, \(number(sender.here)) here; "
      + "\(missing.joined(separator: ", ")); \(number(sender.dropped)) events dropped"
  }

  private static func stretch(_ gap: SenderGap) -> String {
    let (first, last) = (gap.sequences.lowerBound, gap.sequences.upperBound)
    let which = first == last ? "batch \(number(first))" : "batches \(number(first)) to \(number(last))"
    return "\(which) missing since \(gap.since.textToSecond)"
  }

  /// With commas, whatever the machine's language.
  private static func number(_ number: Int64) -> String {
    number.formatted(.number.locale(Locale(identifier: "en_US")).grouping(.automatic))
  }
}

extension SenderGap {
  fileprivate var count: Int64 { sequences.upperBound - sequences.lowerBound + 1 }
}
