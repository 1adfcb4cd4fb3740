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
    let table = [Self.head] + rows
    let widths = Self.head.indices.map { column in table.reduce(0) { max($0, $1[column].count) } }
    return table.map { Self.line($0, widths) } + (sentences.isEmpty ? [] : [""] + sentences)
  }

  mutating func add(_ sender: ListedSender) {
    rows.append(
      [sender.id.text] + [sender.sent, sender.here, sender.missing, sender.events, sender.dropped].map(\.grouped)
        + [sender.lastSeen.textToSecond])
    if sender.missing > 0 { sentences.append(Self.sentence(sender)) }
  }

  /// The first column to the left, numbers to the right.
  private static func line(_ cells: [String], _ widths: [Int]) -> String {
    cells.indices.map { column in
      let space = String(repeating: " ", count: widths[column] - cells[column].count)
      return column == 0 ? cells[column] + space : space + cells[column]
    }.joined(separator: "  ")
  }

  private static func sentence(_ sender: ListedSender) -> String {
    var missing = sender.gaps.suffix(told).map(stretch)
    let others = sender.missing - sender.gaps.suffix(told).reduce(0) { $0 + $1.count }
    if others > 0 { missing.append("\(others.grouped) before") }
    return "sender \(sender.id.text): \(sender.sent.grouped) sent, \(sender.here.grouped) here; "
      + "\(missing.joined(separator: ", ")); \(sender.dropped.grouped) events dropped"
  }

  private static func stretch(_ gap: SenderGap) -> String {
    let (first, last) = (gap.sequences.lowerBound, gap.sequences.upperBound)
    let which = first == last ? "batch \(first.grouped)" : "batches \(first.grouped) to \(last.grouped)"
    return "\(which) missing since \(gap.since.textToSecond)"
  }
}

extension SenderGap {
  fileprivate var count: Int64 { sequences.upperBound - sequences.lowerBound + 1 }
}
