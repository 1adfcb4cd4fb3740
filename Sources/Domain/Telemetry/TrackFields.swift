/// Some of the fields, as the bits of a word.
struct TrackFields: Sequence, IteratorProtocol, Sendable {
  private var bits: UInt32 = 0

  /// None.
  init() {}

  init(_ fields: some Sequence<TrackField>) {
    for field in fields { insert(field) }
  }

  private init(bits: UInt32) { self.bits = bits }

  var first: TrackField? {
    var left = self
    return left.next()
  }

  @inline(__always)
  func has(_ field: TrackField) -> Bool { bits & 1 << field.rawValue != 0 }

  @inline(__always)
  mutating func insert(_ field: TrackField) { bits |= 1 << field.rawValue }

  @inline(__always)
  func union(_ other: TrackFields) -> TrackFields { TrackFields(bits: bits | other.bits) }

  @inline(__always)
  func intersection(_ other: TrackFields) -> TrackFields { TrackFields(bits: bits & other.bits) }

  /// In the fields' order.
  @inline(__always)
  mutating func next() -> TrackField? {
    guard bits != 0 else { return nil }
    defer { bits &= bits - 1 }
    return TrackField(rawValue: UInt8(truncatingIfNeeded: bits.trailingZeroBitCount))
  }
}
