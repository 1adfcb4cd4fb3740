import Domain

// By name, since each of the two modules has a type of this name, and this one's module a type of its own.
import struct RecountClient.Timestamp

extension Timestamp {
  /// A time of RFC 3339 with its zone and nothing around it, as the server reads it.
  init?(rfc3339 text: String) {
    guard let milliseconds = Domain.Timestamp.milliseconds(text) else { return nil }
    self.init(milliseconds: milliseconds)
  }
}
