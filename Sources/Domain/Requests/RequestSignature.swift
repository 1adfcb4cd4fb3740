/// Says of some requests that none of them has a trait, or that one may: a Bloom filter of eight bits for each trait that they have between
/// them, so that a trait that none has is taken for one in 2.5 % of the cases; and of no more than sixteen bits for each request, where
/// they are few and have nothing in common.
package struct RequestSignature: Hashable, Sendable {
  private let bits: [UInt8]
  /// How many bits stand for a trait, 1 to 4.
  private let probes: Int

  /// Of all that so many requests have, each trait as often as it comes up.
  package init(of traits: [RequestTrait], requests: Int) {
    let distinct = Self.distinct(traits)
    let count = max(1, min(distinct.count, 2 * requests))
    // ln 2 times the bits for each trait would be best.
    probes = max(1, min(4, count * 8 * 7 / (10 * max(1, distinct.count))))
    var bits = [UInt8](repeating: 0, count: count)
    for trait in distinct {
      for probe in 0..<probes {
        let bit = Self.bit(trait, probe, of: count)
        bits[bit / 8] |= 1 << UInt8(bit % 8)
      }
    }
    self.bits = bits
  }

  private static func distinct(_ traits: [RequestTrait]) -> [RequestTrait] {
    var distinct: [RequestTrait] = []
    for trait in traits.sorted() where distinct.last != trait { distinct.append(trait) }
    return distinct
  }

  /// Two halves of one number are as good as many numbers (Kirsch and Mitzenmacher, 2006).
  private static func bit(_ trait: RequestTrait, _ probe: Int, of bytes: Int) -> Int {
    let (first, step) = (trait.hash & 0xFFFF_FFFF, trait.hash >> 32 | 1)
    return Int((first &+ UInt64(probe) &* step) % UInt64(bytes * 8))
  }

  /// False: none of the requests has it.
  package func mayHold(_ trait: RequestTrait) -> Bool {
    (0..<probes).allSatisfy { probe in
      let bit = Self.bit(trait, probe, of: bits.count)
      return bits[bit / 8] & 1 << UInt8(bit % 8) != 0
    }
  }
}

extension RequestSignature {
  /// Its length and probes in one number, then its bytes.
  func append(to writer: inout TrafficWriter) {
    writer.write(Int64(bits.count << 2 | (probes - 1)))
    writer.bytes += bits
  }

  init(_ reader: inout TrafficReader) throws(TrafficBytesError) {
    let header = Int(try reader.number(upTo: Int64(Int32.max)))
    guard header >> 2 > 0, let bytes = reader.next(header >> 2) else { throw reader.fault }
    probes = (header & 3) + 1
    bits = Array(bytes)
  }
}
