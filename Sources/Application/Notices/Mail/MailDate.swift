import Domain
import Foundation

/// A time as headers have it: RFC 5322, section 3.3, in UTC. English whatever the machine speaks.
struct MailDate: CustomStringConvertible {
  private let parts: Instant.Parts

  init(_ instant: Instant) { parts = instant.parts }

  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// Such as `Tue, 24 Nov 2026 14:00:59 +0000`.
  var description: String { "\(Self.days[parts.weekday]), \(day) \(time):\(Self.two(parts.second)) +0000" }

  /// For people: `24 Nov 2026 14:00 UTC`.
  var short: String { "\(day) \(time) UTC" }

  private var day: String { "\(parts.day) \(Self.months[parts.month.month - 1]) \(parts.month.year)" }

  private var time: String { "\(Self.two(parts.hour)):\(Self.two(parts.minute))" }

  private static func two(_ number: Int) -> String { String(format: "%02d", number) }
}
