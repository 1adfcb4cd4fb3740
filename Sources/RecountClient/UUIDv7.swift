public import Foundation

/// Ids that sort by the time they were made (UUID version 7, RFC 9562, section 5.7), so that a database's index grows
/// at its right edge and not all over.
public enum UUIDv7 {
  /// A new id: 48 bits of milliseconds since 1970, 74 bits of randomness.
  public static func make() -> UUID {
    var generator = SystemRandomNumberGenerator()
    return make(at: .now, random: (generator.next(), generator.next()))
  }

  static func make(at moment: Timestamp, random: (UInt64, UInt64)) -> UUID {
    let time = UInt64(bitPattern: moment.milliseconds) << 16
    return UUID(high: time | (random.0 & 0xffff), low: random.1, version: 7)
  }
}

extension UUID {
  /// 128 bits, of which version and variant are overwritten as RFC 9562, section 4, has them.
  fileprivate init(high: UInt64, low: UInt64, version: UInt64) {
    let high = (high & ~0xf000) | (version << 12)
    let low = (low & ~(0b11 << 62)) | (0b10 << 62)
    let bytes = [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
    self = bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
  }
}
