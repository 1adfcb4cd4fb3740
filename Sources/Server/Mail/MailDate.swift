import Foundation

/// A time as headers have it: RFC 5322, section 3.3, in UTC. English whatever the machine speaks.
struct MailDate: CustomStringConvertible {
  let date: Date

  init(_ date: Date) { self.date = date }

  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// Such as `Tue, 24 Nov 2026 14:00:59 +0000`.
  var description: String {
    let parts = parts
    let day = Self.days[(parts.weekday ?? 1) - 1]
    return
      "\(day), \(Self.day(parts)) \(Self.two(parts.hour)):\(Self.two(parts.minute)):\(Self.two(parts.second)) +0000"
  }

  /// For people: `24 Nov 2026 14:00 UTC`.
  var short: String {
    let parts = parts
    return "\(Self.day(parts)) \(Self.two(parts.hour)):\(Self.two(parts.minute)) UTC"
  }

  private var parts: DateComponents {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar.dateComponents([.year, .month, .day, .weekday, .hour, .minute, .second], from: date)
  }

  private static func day(_ parts: DateComponents) -> String {
    "\(parts.day ?? 1) \(months[(parts.month ?? 1) - 1]) \(parts.year ?? 1970)"
  }

  private static func two(_ number: Int?) -> String { String(format: "%02d", number ?? 0) }
}
