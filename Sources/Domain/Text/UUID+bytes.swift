package import Foundation

extension UUID {
  /// Its 16 bytes in order (RFC 9562).
  package var bytes: [UInt8] { withUnsafeBytes(of: uuid) { Array($0) } }

  /// From 16 bytes in order.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    self = Array(bytes).withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
  }

  /// As the API and the log write it (RFC 9562, section 4).
  package var text: String {
    var text: [UInt8] = []
    text.reserveCapacity(36)
    UUIDText.append(self, to: &text)
    return String(decoding: text, as: UTF8.self)
  }
}
