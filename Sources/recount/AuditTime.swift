import ArgumentParser
import Domain
import Foundation

/// A time as an auditor types it: RFC 3339, or a day, which begins at midnight UTC.
struct AuditTime: ExpressibleByArgument {
  let date: Date

  init?(argument: String) {
    let text = argument.count == 10 ? "\(argument)T00:00:00Z" : argument
    let styles: [Date.ISO8601FormatStyle] = [
      .iso8601, Date.ISO8601FormatStyle(includingFractionalSeconds: true),
    ]
    guard let date = styles.lazy.compactMap({ try? $0.parse(text) }).first else { return nil }
    self.date = date
  }

  /// Since 1970-01-01T00:00:00Z.
  var milliseconds: Int64 { Int64(saturating: (date.timeIntervalSince1970 * 1000).rounded()) }

  /// How times are written in answers.
  static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}
