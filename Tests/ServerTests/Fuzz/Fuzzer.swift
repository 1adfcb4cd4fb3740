import Domain

/// Makes inputs that nobody would send who means well: what a parser takes, changed here and there, with the ends of every range in it. The same
/// seed makes the same inputs.
struct Fuzzer: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// One of the seeds, changed up to four times; now and then as it is.
  mutating func input(from seeds: [[UInt8]]) -> [UInt8] {
    var bytes = seeds.randomElement(using: &self) ?? []
    for _ in 0..<Int.random(in: 0...4, using: &self) { change(&bytes, seeds) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8], _ seeds: [[UInt8]]) {
    let place = Int.random(in: 0...bytes.count, using: &self)
    let end = min(bytes.count, place + Int.random(in: 0...8, using: &self))
    switch Int.random(in: 0..<8, using: &self) {
    case 0: if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &self) }
    case 1: bytes.removeSubrange(place..<end)
    case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 3: bytes.removeSubrange(place...)
    case 4: bytes.replaceSubrange(number(around: place, in: bytes), with: extreme())
    case 5: bytes.insert(contentsOf: extreme(), at: place)
    case 6: bytes.insert(contentsOf: (seeds.randomElement(using: &self) ?? []).suffix(24), at: place)
    default: bytes.insert(contentsOf: [UInt8](repeating: bytes.randomElement(using: &self) ?? 0, count: 40), at: place)
    }
  }

  /// The digits that a place is in, or the next ones: numbers are what most arithmetic is done with.
  private func number(around place: Int, in bytes: [UInt8]) -> Range<Int> {
    func isPart(_ index: Int) -> Bool { bytes[index] == 0x2D || (0x30...0x39).contains(bytes[index]) }
    guard let start = (place..<bytes.count).first(where: isPart) else { return place..<place }
    return start..<((start..<bytes.count).first { !isPart($0) } ?? bytes.count)
  }

  mutating func extreme() -> [UInt8] { Array((Self.extremes.randomElement(using: &self) ?? "").utf8) }

  /// A time that Recount reckons with.
  mutating func instant() -> Instant {
    let microseconds = Era.instants.lowerBound.microseconds...Era.instants.upperBound.microseconds
    return Instant(microseconds: Int64.random(in: microseconds, using: &self))
  }

  /// A whole number: small, at an end, or any.
  mutating func number() -> Int64 {
    switch Int.random(in: 0..<4, using: &self) {
    case 0: Int64.random(in: -2...2, using: &self)
    case 1: (Self.numbers.randomElement(using: &self) ?? 0) &+ Int64.random(in: -2...2, using: &self)
    case 2: Int64.random(in: -4_000_000_000_000...4_000_000_000_000, using: &self)
    default: Int64(truncatingIfNeeded: next())
    }
  }

  /// JSON in which the deepest array that Foundation's decoder takes, and the next, end the text, or nearly.
  static let deepJSON: [[UInt8]] = (510...515).flatMap { depth in
    ["", "\r", "]", "1"].map { Array((String(repeating: "[", count: depth) + $0).utf8) }
  }

  /// Ends of ranges, and of what is reckoned with here.
  static let numbers: [Int64] = [
    .min, .max, Int64(Int32.min), Int64(Int32.max), Int64(UInt32.max), 1 << 53, -(1 << 53), 0, 253_402_300_799_999,
    253_402_300_799_999_999, -62_135_596_800_000, 9_223_372_036_854_775, 200_000_000_000_000_000,
  ]

  static let extremes: [String] =
    numbers.map(String.init)
    + [
      "9223372036854775808", "-9223372036854775809", "18446744073709551616", "1e308", "1e309", "-1e400", "1e-400",
      "NaN",
      "Infinity", "-0", "00", "0.0000000000000000000000000000000001", "99999999999999999999999999999999999999999",
      "1E9223372036854775807", "1e-9223372036854775808", ".", "-", "+", "", "\0", "\u{FEFF}", "\u{200D}", "\u{10FFFF}",
      "\r\n", "%00", "%", "%zz", "../", "'", "\"", "\\", "{", "[", "]]", "null", "true", "\"\\ud800\"", "\\u0000",
      "0000-01-01T00:00:00Z", "0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "9999-12-31T23:59:60Z",
      "1969-12-31T23:59:59.999Z", "2026-02-30T00:00:00Z", "00000000-0000-0000-0000-000000000000",
      "ffffffff-ffff-ffff-ffff-ffffffffffff", "sk_live_", "sk_test_", "Bearer ", "::1", "0.0.0.0/0", "::/129", "a@b",
    ]
}
