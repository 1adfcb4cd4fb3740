import Domain
import RecountClient

extension Timestamp {
  /// A time of RFC 3339 with its zone and nothing around it, as the server reads it.
  init?(rfc3339 text: String) {
    guard let instant = Instant(text) else { return nil }
    self.init(milliseconds: instant.milliseconds)
  }
}
