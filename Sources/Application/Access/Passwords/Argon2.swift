import CArgon2
import Crypto
import Domain
import Foundation

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
    let tag = try tag(of: password, salt: salt, cost: cost, length: tagLength)
    return PHCString(cost: cost, salt: salt, tag: tag).text
  }

  /// Compares in constant time, as swift-crypto does keys.
  static func verify(_ password: Password, against hash: String) throws -> Bool {
    guard let known = PHCString(text: hash) else { throw Failure(status: ARGON2_DECODING_FAIL.rawValue) }
    let tag = try tag(of: password, salt: known.salt, cost: known.cost, length: known.tag.count)
    return SymmetricKey(data: tag) == SymmetricKey(data: known.tag)
  }

  /// Whether a hash was made with these parameters.
  static func has(_ hash: String, cost: Cost) -> Bool { PHCString(text: hash)?.cost == cost }

  private static func tag(of password: Password, salt: [UInt8], cost: Cost, length: Int) throws -> [UInt8] {
    var (secret, salt, tag) = (Array(password.normalized.utf8), salt, [UInt8](repeating: 0, count: length))
    let (secretLength, saltLength) = (UInt32(secret.count), UInt32(salt.count))
    let status = secret.withUnsafeMutableBufferPointer { secret in
      salt.withUnsafeMutableBufferPointer { salt in
        tag.withUnsafeMutableBufferPointer { tag in
          var context = argon2_context()
          (context.out, context.outlen) = (tag.baseAddress, UInt32(length))
          (context.pwd, context.pwdlen) = (secret.baseAddress, secretLength)
          (context.salt, context.saltlen) = (salt.baseAddress, saltLength)
          (context.m_cost, context.t_cost) = (cost.memoryKiB, cost.passes)
          (context.lanes, context.threads) = (cost.lanes, cost.lanes)
          context.version = ARGON2_VERSION_13.rawValue
          (context.allocate_cbk, context.free_cbk) = (map, unmap)
          context.flags = 0  // ARGON2_DEFAULT_FLAGS: memory is wiped before it is given back
          return argon2id_ctx(&context)
        }
      }
    }
    guard status == ARGON2_OK.rawValue else { throw Failure(status: status) }
    return tag
  }

  struct Failure: Error, CustomStringConvertible {
    let status: Int32
    var description: String {
      "argon2 failed: \(argon2_error_message(status).map { String(cString: $0) } ?? "status \(status)")"
    }
  }
}

/// The blocks of a hash come from the kernel and go back to it. malloc would keep them, one set for each of its arenas, which threads
/// that come and go spread over: after a flood of log-ins 470 MB stayed.
private let map: allocate_fptr = { memory, size in
  guard let memory, let block = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
    block != MAP_FAILED
  else { return ARGON2_MEMORY_ALLOCATION_ERROR.rawValue }
  memory.pointee = block.assumingMemoryBound(to: UInt8.self)
  return ARGON2_OK.rawValue
}

private let unmap: deallocate_fptr = { memory, size in
  if let memory { munmap(memory, size) }
}
