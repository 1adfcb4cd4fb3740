import Foundation

/// Random numbers that follow from a seed: SplitMix64 (Steele, Lea and Flood, 2014). The library's own draws from a generator may change
/// with its release; these do not.
struct DemoRandom {
  private var state: UInt64

  /// Each part of a seed draws numbers of its own.
  init(seed: Int64, part: Int) {
    state = UInt64(bitPattern: seed)
    state = next() ^ UInt64(bitPattern: Int64(part))
    state = next()
  }

  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// At least 0, less than 1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// At least 0, less than a bound.
  mutating func below(_ bound: Int) -> Int { Int(unit() * Double(bound)) }

  /// True so often.
  mutating func chance(_ share: Double) -> Bool { unit() < share }

  /// Of the standard normal distribution (Box and Muller, 1958).
  mutating func normal() -> Double { (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit()) }

  /// Half of them below the median, the others as far above it by factors: how response times and sizes lie.
  mutating func logNormal(median: Double, spread: Double) -> Double { median * exp(spread * normal()) }

  /// 1 to a bound, each about as likely as its inverse.
  mutating func rank(upTo bound: Int) -> Int { min(bound, Int(pow(Double(bound) + 1, unit()))) }
}
