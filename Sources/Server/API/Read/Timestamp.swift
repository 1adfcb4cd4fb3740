import Domain
import Foundation

/// Times as the API writes and reads them: RFC 3339 in UTC.
enum Timestamp {
  static func text(_ date: Date) -> String {
    date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  /// Of milliseconds since 1970-01-01T00:00:00Z.
  static func text(milliseconds: Int64) -> String { text(Date(timeIntervalSince1970: Double(milliseconds) / 1000)) }

  /// By the same rules as a tracked event's: Foundation would take a 30th of February for a 2nd of March. Nil for what is no time, or none
  /// that Recount reckons with (``Era``): there is no other way for a time to come in.
  static func date(_ text: String) -> Date? {
    guard let milliseconds = Domain.Timestamp.milliseconds(text), Era.milliseconds.contains(milliseconds) else {
      return nil
    }
    return Date(timeIntervalSince1970: Double(milliseconds) / 1000)
  }

  /// What an error says is allowed in the place of a text that ``date(_:)`` does not take.
  static func allowed(insteadOf text: String) -> String {
    Domain.Timestamp.milliseconds(text) == nil ? Domain.Timestamp.allowed(insteadOf: text) : "a time \(Era.allowed)"
  }
}

extension Date {
  /// Milliseconds since 1970-01-01T00:00:00Z. Infinity, which PostgreSQL has, is the last there is.
  var milliseconds: Int64 { Int64(saturating: (timeIntervalSince1970 * 1000).rounded()) }

  /// The same in microseconds.
  var microseconds: Int64 { Int64(saturating: (timeIntervalSince1970 * 1e6).rounded()) }
}
