import Crypto
import Foundation

/// What keys for signed notes have in common (c2sp.org/signed-note): a name, the type byte of Ed25519, and an id over both.
enum NoteKey {
  static let ed25519: UInt8 = 1

  /// SHA-256(name ‖ newline ‖ type ‖ public key), its first four bytes.
  static func id(name: String, publicKey: [UInt8]) -> UInt32 {
    SHA256.hash(data: Array(name.utf8) + [0x0A, ed25519] + publicKey).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  static func hex(_ id: UInt32) -> String {
    let digits = String(id, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  static func isName(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && !text.contains("+") && text.unicodeScalars.allSatisfy { !$0.properties.isWhitespace }
  }

  /// `NAME+ID+BASE64`, where the bytes are the type and the key.
  static func text(name: String, id: UInt32, key: [UInt8]) -> String {
    "\(name)+\(hex(id))+\(Data([ed25519] + key).base64EncodedString())"
  }

  static func parse(_ text: some StringProtocol) throws(NoteError) -> (name: String, id: UInt32, key: [UInt8]) {
    // Base64 may hold a plus itself.
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, isName(parts[0]), parts[1].count == 8, let id = UInt32(parts[1], radix: 16),
      let bytes = Data(base64Encoded: String(parts[2])), bytes.count == 33, bytes.first == ed25519
    else { throw .notAKey(String(text.prefix(24))) }
    return (String(parts[0]), id, Array(bytes.dropFirst()))
  }
}
