/// How cells are stored: whole numbers of seven bits a byte, low ones first (LEB128), and nothing that follows from the rest.
///
/// | what | numbers |
/// |---|---|
/// | tally | entries n; n times the number, but for the first less the one before; n − 1 times a count, the last being what is left of the total |
/// | cell | calls; tally of statuses; times; where there are any, their sum and the longest; where there are more than one, tally of buckets |
/// | series | n; n times the place, but for the first less the one before, and its cell |
struct TrafficWriter {
  var bytes: [UInt8] = []

  mutating func write(_ value: UInt128) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }

  mutating func write(_ value: Int64) {
    var value = UInt64(value)
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }

  /// The tally's total is known to whoever reads it.
  mutating func write(_ tally: Tally) {
    write(Int64(tally.entries.count))
    var previous = 0
    for entry in tally.entries {
      write(Int64(entry.number - previous))
      previous = entry.number
    }
    for entry in tally.entries.dropLast() { write(entry.count) }
  }

  mutating func write(_ cell: TrafficCell) {
    write(cell.calls)
    write(cell.statuses)
    let timed = cell.timed
    write(timed)
    guard timed > 0 else { return }
    write(cell.sum)
    // Of a single time all follows from the sum.
    guard timed > 1 else { return }
    write(cell.longest)
    write(cell.latency)
  }
}

/// Stored cells that are none: what wrote them was no release of ours.
package struct TrafficBytesError: Error, CustomStringConvertible {
  /// The byte at which it is no longer what it must be.
  package let offset: Int
  /// Says what to do.
  package var description: String {
    "the cells of a read model can't be read from byte \(offset) on: build it anew with `recount projections rebuild`"
  }
}

struct TrafficReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var index = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// So many bytes, which it steps over; nil where there are fewer.
  mutating func next(_ count: Int) -> UnsafeBufferPointer<UInt8>? {
    guard bytes.count - index >= count else { return nil }
    defer { index += count }
    return UnsafeBufferPointer(rebasing: bytes[index..<index + count])
  }

  var isAtEnd: Bool { index == bytes.count }
  var fault: TrafficBytesError { TrafficBytesError(offset: index) }

  /// 0 to `most`.
  mutating func number(upTo most: Int64 = .max) throws(TrafficBytesError) -> Int64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while index < bytes.count {
      let byte = bytes[index]
      guard shift < 63 else { throw fault }
      value |= UInt64(byte & 0x7F) << shift
      index += 1
      if byte < 0x80 {
        guard value <= UInt64(most) else { throw fault }
        return Int64(value)
      }
      shift += 7
    }
    throw fault
  }

  private mutating func wide() throws(TrafficBytesError) -> UInt128 {
    var value: UInt128 = 0
    var shift: UInt128 = 0
    while index < bytes.count, shift < 126 {
      let byte = bytes[index]
      value |= UInt128(byte & 0x7F) << shift
      index += 1
      if byte < 0x80 { return value }
      shift += 7
    }
    throw fault
  }

  private mutating func tally(of total: Int64, upTo most: Int) throws(TrafficBytesError) -> Tally {
    let count = Int(try number(upTo: Int64(most) + 1))
    guard count > 0 else {
      guard total == 0 else { throw fault }
      return Tally()
    }
    var entries: [Tally.Entry] = []
    entries.reserveCapacity(count)
    var place = 0
    for index in 0..<count {
      let step = Int(try number(upTo: Int64(most)))
      guard index == 0 || step > 0 else { throw fault }
      place += step
      guard place <= most else { throw fault }
      entries.append(Tally.Entry(number: place, count: 0))
    }
    var left = total
    for index in 0..<count - 1 {
      entries[index].count = try number(upTo: left)
      left -= entries[index].count
    }
    guard left > 0 else { throw fault }
    entries[count - 1].count = left
    return Tally(ordered: entries)
  }

  /// Steps over a cell, and answers its calls alone: who ranks thousands of labels by their calls needs none of what else they hold.
  mutating func calls() throws(TrafficBytesError) -> Int64 {
    let calls = try number()
    try skipTally()
    let timed = try number(upTo: calls)
    guard timed > 0 else { return calls }
    _ = try wide()
    guard timed > 1 else { return calls }
    _ = try number()
    try skipTally()
    return calls
  }

  private mutating func skipTally() throws(TrafficBytesError) {
    let count = try number(upTo: 1_000)
    guard count > 0 else { return }
    for _ in 0..<2 * count - 1 { _ = try number() }
  }

  mutating func cell() throws(TrafficBytesError) -> TrafficCell {
    let calls = try number()
    let statuses = try tally(of: calls, upTo: 999)
    let timed = try number(upTo: calls)
    guard timed > 0 else { return TrafficCell(statuses: statuses, latency: Tally(), sum: 0, longest: 0) }
    let sum = try wide()
    guard timed > 1 else {
      guard let time = Int64(exactly: sum) else { throw fault }
      var latency = Tally()
      latency.add(LatencyBuckets.bucket(ofNanoseconds: time))
      return TrafficCell(statuses: statuses, latency: latency, sum: sum, longest: time)
    }
    let longest = try number()
    return TrafficCell(
      statuses: statuses, latency: try tally(of: timed, upTo: LatencyBuckets.last), sum: sum, longest: longest)
  }
}

extension TrafficCell {
  /// As it is stored.
  package var bytes: [UInt8] {
    var writer = TrafficWriter()
    writer.write(self)
    return writer.bytes
  }

  /// From what was stored. Throws ``TrafficBytesError``.
  package init(bytes: [UInt8]) throws(TrafficBytesError) {
    self = try TrafficReader.whole(bytes) { reader throws(TrafficBytesError) in try reader.cell() }
  }
}

extension TrafficReader {
  /// One value that is all of the bytes.
  static func whole<Value>(
    _ bytes: [UInt8], _ body: (inout TrafficReader) throws(TrafficBytesError) -> Value
  ) throws(TrafficBytesError) -> Value {
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<Value, TrafficBytesError> in
      var reader = TrafficReader(buffer)
      do throws(TrafficBytesError) {
        let value = try body(&reader)
        return reader.isAtEnd ? .success(value) : .failure(reader.fault)
      } catch { return .failure(error) }
    }
    return try result.get()
  }
}
