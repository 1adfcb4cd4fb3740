import Foundation

/// Base64 for URLs, without padding (RFC 4648, section 5).
package enum Base64URL {
  package static func text(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  /// Nil for anything but the one text that these bytes have: a second spelling of a token would have another hash.
  package static func bytes(_ text: String) -> [UInt8]? {
    guard text.utf8.count <= 1_024, !text.contains("="), !text.contains("+"), !text.contains("/") else { return nil }
    var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
    base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
    guard let bytes = Data(base64Encoded: base64).map(Array.init), self.text(bytes) == text else { return nil }
    return bytes
  }
}
