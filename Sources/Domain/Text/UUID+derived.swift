package import Foundation

extension UUID {
  /// An id that follows from something: whoever derives it again gets the same, with nothing remembered. Such ids are stored, so what this
  /// makes of a digest may never change.
  ///
  /// - Parameters:
  ///   - digest: a hash of what it follows from, as many bytes as it takes or more.
  ///   - version: what the id says it is (RFC 9562, section 4.2), which takes 6 bits of the digest's; nil for all bits of the digest, as
  ///     of an id that no one sees.
  ///   - time: an id of version 7, in whose place in an index this one is to lie: its first 48 bits, before the digest's.
  package static func derived(from digest: some Sequence<UInt8>, version: UInt8?, timeOf time: UUID? = nil) -> UUID {
    var bytes = Array(time?.bytes.prefix(6) ?? [])
    bytes += digest.prefix(16 - bytes.count)
    if let version {
      bytes[6] = version << 4 | bytes[6] & 0x0F
      bytes[8] = 0x80 | bytes[8] & 0x3F
    }
    return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
  }
}
