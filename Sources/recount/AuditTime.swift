import ArgumentParser
import Domain
import Foundation

/// A time as an auditor types it: RFC 3339, or a day, which begins at midnight UTC.
struct AuditTime: ExpressibleByArgument {
  let date: Date

  init?(argument: String) {
    let microseconds = Timestamp.milliseconds(ofDay: argument).map { $0 * 1_000 } ?? Timestamp.microseconds(argument)
    guard let microseconds else { return nil }
    date = Date(timeIntervalSince1970: Double(microseconds) / 1_000_000)
  }

  /// Since 1970-01-01T00:00:00Z.
  var milliseconds: Int64 { Int64(saturating: (date.timeIntervalSince1970 * 1000).rounded()) }

  /// How times are written in answers.
  static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}
