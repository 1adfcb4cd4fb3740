import CArgon2
import Domain

/// Argon2id (RFC 9106), as the PHC string format has it: a hash tells the parameters that it was made with.
enum Argon2 {
  /// What a hash costs whoever makes it.
  struct Cost: Sendable, Equatable {
    var memoryKiB: UInt32
    var passes: UInt32
    var lanes: UInt32

    /// OWASP's Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane. RFC 9106 (section 4) would take 64 MiB and 3 passes where
    /// memory is short; that takes seven times as long (measured with one lane: 650 ms against 90 ms on a busy core), and all who wait
    /// behind a flood of log-ins seven times as well.
    static let standard = Cost(memoryKiB: 19_456, passes: 2, lanes: 1)
  }

  /// RFC 9106, section 3.1: 16 bytes of salt suffice for passwords; 32 bytes of tag.
  private static let (saltLength, tagLength) = (16, 32)

  static func hash(_ password: Password, cost: Cost) throws -> String {
    var random = SystemRandomNumberGenerator()
    let salt = (0..<saltLength).map { _ in UInt8.random(in: 0...255, using: &random) }
    let secret = Array(password.normalized.utf8)
    let length = argon2_encodedlen(
      cost.passes, cost.memoryKiB, cost.lanes, UInt32(saltLength), UInt32(tagLength), Argon2_id)
    var encoded = [CChar](repeating: 0, count: length)
    let status = argon2id_hash_encoded(
      cost.passes, cost.memoryKiB, cost.lanes, secret, secret.count, salt, saltLength, tagLength, &encoded, length)
    guard status == ARGON2_OK.rawValue else { throw Failure(status: status) }
    return String(decoding: encoded.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Compares in constant time.
  static func verify(_ password: Password, against hash: String) throws -> Bool {
    let secret = Array(password.normalized.utf8)
    let status = argon2id_verify(hash, secret, secret.count)
    switch status {
    case ARGON2_OK.rawValue: return true
    case ARGON2_VERIFY_MISMATCH.rawValue: return false
    default: throw Failure(status: status)
    }
  }

  /// Whether a hash was made with these parameters: `$argon2id$v=19$m=…,t=…,p=…$salt$tag`.
  static func has(_ hash: String, cost: Cost) -> Bool {
    hash.hasPrefix("$argon2id$v=19$m=\(cost.memoryKiB),t=\(cost.passes),p=\(cost.lanes)$")
  }

  struct Failure: Error, CustomStringConvertible {
    let status: Int32
    var description: String {
      "argon2 failed: \(argon2_error_message(status).map { String(cString: $0) } ?? "status \(status)")"
    }
  }
}
