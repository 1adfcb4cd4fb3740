import Crypto
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// The header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): what a POST creates gets its id from it, so that the
/// same POST again finds it there, on any server, a second or a year later, without anything being remembered.
struct IdempotencyKey {
  private let text: String

  /// Nil when the request has none.
  init?(_ request: Request) throws {
    guard let text = request.headers[.idempotencyKey] else { return nil }
    let isPlain = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
    guard isPlain, (1...255).contains(text.utf8.count) else {
      throw JSONBody.invalid(
        "Idempotency-Key", "\(text.utf8.count) bytes", allowed: "1 to 255 visible ASCII characters, such as a UUID")
    }
    self.text = text
  }

  /// What a form was given when it was shown.
  init(_ text: String) { self.text = text }

  /// The id of what this person creates under this key in this place: a UUID of version 8 (RFC 9562, section 5.8), whose other
  /// 122 bits are SHA-256 over the three.
  func id(of what: String, in place: UUID, by user: UUID) -> UUID {
    let input = [what, place.uuidString, user.uuidString, text].joined(separator: "\n")
    return .derived(from: SHA256.hash(data: Data(input.utf8)), version: 8)
  }
}

extension HTTPField.Name {
  static var idempotencyKey: HTTPField.Name {
    guard let name = HTTPField.Name("Idempotency-Key") else { preconditionFailure("Idempotency-Key is no field name") }
    return name
  }
}
