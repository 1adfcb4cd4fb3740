import Foundation
import RecountClient

/// What became of a log. `sent = accepted + duplicates + refused + invalid`, and, without interruption,
/// `lines = sent + answered earlier + unreadable`.
package struct ImportSummary: Sendable, Hashable, Encodable {
  /// Lines read.
  package var lines = 0
  /// Events that the server answered for in this run.
  package var sent = 0
  /// Events counted now.
  package var accepted = 0
  /// Events that had been counted before and were not counted again.
  package var duplicates = 0
  /// Events not counted because the month's quota is used up.
  package var refused = 0
  /// Events not counted because something is wrong with them.
  package var invalid = 0
  /// Lines that could not be read.
  package var unreadable = 0
  /// Events that were not sent because an earlier, interrupted run had their answer.
  package var answeredEarlier = 0
  /// How long sending took.
  package var elapsedSeconds = 0.0

  /// A summary of nothing.
  package init() {}

  /// Whether there were lines and not one of them was fit to be counted.
  package var countedNothing: Bool {
    invalid + unreadable > 0 && accepted + duplicates + refused + answeredEarlier == 0
  }

  mutating func add(_ receipt: TrackReceipt, events: Int) {
    sent += events
    accepted += receipt.accepted
    duplicates += receipt.duplicates
    refused += receipt.refused
    invalid += receipt.invalid
  }

  enum CodingKeys: String, CodingKey {
    case lines, sent, accepted, duplicates, refused, invalid, unreadable
    case answeredEarlier = "answered_earlier"
    case elapsedSeconds = "elapsed_seconds"
  }

  /// One JSON object on one line.
  package var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}

extension ImportSummary: CustomStringConvertible {
  /// One sentence for a person.
  package var description: String {
    let earlier =
      answeredEarlier == 0 ? "" : " (\(answeredEarlier.grouped) more had been answered in an interrupted run before)"
    let quota = refused == 0 ? "" : " (monthly quota used up)"
    return "\(lines.grouped) lines read, \(sent.grouped) events sent\(earlier): \(accepted.grouped) accepted, "
      + "\(duplicates.grouped) duplicates, \(refused.grouped) refused\(quota), \(invalid.grouped) invalid, "
      + "\(unreadable.grouped) lines unreadable"
  }
}

extension Int {
  /// With commas between thousands, the same in every locale.
  var grouped: String {
    let digits = Array(String(magnitude))
    let groups = stride(from: digits.count, to: 0, by: -3).map { String(digits[Swift.max(0, $0 - 3)..<$0]) }
    return (self < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
  }
}
