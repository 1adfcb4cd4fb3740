package import struct Foundation.UUID

extension UUID {
  /// A UUID of version 7 (RFC 9562, section 5.7): its time first, so that new ids enter an index at its right edge.
  ///
  /// - Parameters:
  ///   - instant: its time, of which it holds the milliseconds.
  ///   - random: where its other 74 bits come from.
  package static func v7(at instant: Instant, using random: inout some RandomNumberGenerator) -> UUID {
    let time = UInt64(bitPattern: instant.milliseconds)
    let high = time << 16 | 0x7000 | UInt64.random(in: 0...0xFFF, using: &random)
    let low = UInt64.random(in: 0...(1 << 62 - 1), using: &random) | 1 << 63
    func byte(_ word: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> (56 - 8 * index)) }
    return UUID(
      uuid: (
        byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5), byte(high, 6),
        byte(high, 7),
        byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4), byte(low, 5), byte(low, 6), byte(low, 7)
      ))
  }
}
