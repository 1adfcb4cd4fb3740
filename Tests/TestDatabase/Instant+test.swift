package import Domain
import Foundation

extension Instant {
  /// What the machine's clock says, to the millisecond, as events keep times.
  package static var now: Instant { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

  /// Of a text that is RFC 3339.
  package static func parse(_ text: String) throws -> Instant {
    guard let instant = Instant(text) else { throw NoTime(text: text) }
    return instant
  }

  private struct NoTime: Error { let text: String }
}

/// A test may write an instant as its milliseconds.
extension Instant: ExpressibleByIntegerLiteral {
  package init(integerLiteral milliseconds: Int64) { self.init(milliseconds: milliseconds) }
}
