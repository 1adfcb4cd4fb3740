import Domain
import Foundation

/// Times as the API writes and reads them: RFC 3339 in UTC.
enum Timestamp {
  static func text(_ date: Date) -> String {
    date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  /// Of milliseconds since 1970-01-01T00:00:00Z.
  static func text(milliseconds: Int64) -> String { text(Date(timeIntervalSince1970: Double(milliseconds) / 1000)) }

  /// By the same rules as a tracked event's: Foundation would take a 30th of February for a 2nd of March.
  static func date(_ text: String) -> Date? {
    Domain.Timestamp.milliseconds(text).map { Date(timeIntervalSince1970: Double($0) / 1000) }
  }
}
