package import Crypto
import Domain
package import Foundation

/// What a log-in gives to the device that it was made with, so that it is told from strangers when it comes again: guesses that others
/// make at the person's address don't slow it down. It opens nothing.
///
/// Text: base64url of user id (16 bytes), device id (16), how often the person's sessions had been ended together (4) and
/// HMAC-SHA256 over them (32). Whatever ends all sessions, a reset first of all, makes devices strangers again.
package struct DeviceToken: Sendable {
  package let userID: UUID
  let deviceID: UUID
  let generation: Int
  package let text: String

  package init(userID: UUID, deviceID: UUID, generation: Int, key: SymmetricKey) {
    (self.userID, self.deviceID, self.generation) = (userID, deviceID, generation)
    let count = UInt32(clamping: generation)
    let body = userID.bytes + deviceID.bytes + stride(from: 24, through: 0, by: -8).map { UInt8(count >> $0 & 0xFF) }
    text = Base64URL.text(body + Array(HMAC<SHA256>.authenticationCode(for: Self.signed(body), using: key)))
  }

  /// One that was given out here.
  package init?(parsing text: String, key: SymmetricKey) {
    guard let bytes = Base64URL.bytes(text), bytes.count == 68, let user = UUID(bytes: bytes[0..<16]),
      let device = UUID(bytes: bytes[16..<32]),
      HMAC<SHA256>.isValidAuthenticationCode(
        bytes[36...], authenticating: Self.signed(Array(bytes[0..<36])), using: key)
    else { return nil }
    (userID, deviceID, self.text) = (user, device, text)
    generation = bytes[32..<36].reduce(0) { $0 << 8 | Int($1) }
  }

  /// Whether this person has logged in with it since their sessions were last ended together.
  func isKnown(to user: User?) -> Bool { user?.id == userID && user?.generation == generation }

  /// Apart from what the key signs otherwise.
  private static func signed(_ body: [UInt8]) -> Data { Data(Array("device".utf8) + body) }
}
