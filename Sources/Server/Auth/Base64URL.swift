import Foundation

/// Base64 for URLs, without padding (RFC 4648, section 5).
enum Base64URL {
  static func text(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  /// Nil for anything but the one text that these bytes have: a second spelling of a token would have another hash.
  static func bytes(_ text: String) -> [UInt8]? {
    guard text.utf8.count <= 1_024, !text.contains("="), !text.contains("+"), !text.contains("/") else { return nil }
    var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
    base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
    guard let bytes = Data(base64Encoded: base64).map(Array.init), self.text(bytes) == text else { return nil }
    return bytes
  }
}

/// Bytes as lower-case hexadecimal digits.
enum Hex {
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}

extension UUID {
  /// Its 16 bytes in order (RFC 9562).
  var bytes: [UInt8] { withUnsafeBytes(of: uuid) { Array($0) } }

  /// From 16 bytes in order.
  init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    self = Array(bytes).withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
  }
}
