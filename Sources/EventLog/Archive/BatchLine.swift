import Crypto
import Domain

/// One batch as `log.export_batches()` writes it, read without a JSON parser: its form is fixed, any other is not a batch, and the
/// events' text must come out byte for byte as it was hashed.
struct BatchLine {
  let shard: Int
  let firstPosition: Int64
  let lastPosition: Int64
  let recordedAt: Instant
  /// In hex.
  let hash: String
  /// The JSON string that holds the canonical text, without its quotes, as bytes of the line.
  private let escaped: ArraySlice<UInt8>

  /// Nil for anything but a batch's line, which comes without its end.
  init?(_ line: ArraySlice<UInt8>) {
    var reader = ByteReader(line)
    guard reader.skip("{\"shard\": "), let shard = reader.number(),
      reader.skip(", \"first_position\": "), let first = reader.number(),
      reader.skip(", \"last_position\": "), let last = reader.number(),
      reader.skip(", \"recorded_at_us\": "), let recordedAt = reader.number(),
      reader.skip(", \"hash\": \""), let hash = reader.hex(64),
      reader.skip("\", \"events\": \""), let escaped = reader.rest(before: "\"}")
    else { return nil }
    self.shard = Int(shard)
    (firstPosition, lastPosition, self.hash, self.escaped) = (first, last, hash, escaped)
    self.recordedAt = Instant(microseconds: recordedAt)
  }

  /// The canonical text of its events; nil when it is no JSON string. jsonb's own text holds no control characters, so that the export
  /// escapes nothing but quotes and backslashes.
  var events: [UInt8]? {
    var isWhole = true
    // Byte by byte into one buffer: there is a quote every few bytes.
    let text = [UInt8](unsafeUninitializedCapacity: escaped.count) { buffer, count in
      var isEscaped = false
      for byte in escaped {
        if !isEscaped, byte == UInt8(ascii: "\\") {
          isEscaped = true
          continue
        }
        if isEscaped, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { isWhole = false }
        isEscaped = false
        buffer[count] = byte
        count += 1
      }
      if isEscaped { isWhole = false }
    }
    return isWhole ? text : nil
  }

  /// What `log.batch_hash()` makes of it after the batch before it; nil when it has no text.
  func link(after previous: [UInt8]) -> [UInt8]? {
    guard let events else { return nil }
    var hasher = SHA256()
    hasher.update(data: previous)
    hasher.update(data: Array("\(shard) \(firstPosition) \(lastPosition) \(recordedAt.microseconds)\n".utf8))
    hasher.update(data: events)
    return Array(hasher.finalize())
  }

  /// As the view `log.batches_at_hand` takes it.
  var tabbed: [UInt8]? {
    guard let events else { return nil }
    return Array("\(shard)\t\(firstPosition)\t\(lastPosition)\t\(recordedAt.microseconds)\t\(hash)\t".utf8) + events
  }
}

/// Reads bytes from front to back.
private struct ByteReader {
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  mutating func skip(_ text: StaticString) -> Bool {
    let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard bytes.starts(with: expected) else { return false }
    bytes.removeFirst(expected.count)
    return true
  }

  mutating func number() -> Int64? {
    let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    bytes.removeFirst(digits.count)
    return Int64(String(decoding: digits, as: UTF8.self))
  }

  mutating func hex(_ count: Int) -> String? {
    let digits = bytes.prefix(count)
    guard digits.count == count, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    bytes.removeFirst(count)
    return String(decoding: digits, as: UTF8.self)
  }

  func rest(before end: StaticString) -> ArraySlice<UInt8>? {
    let expected = UnsafeBufferPointer(start: end.utf8Start, count: end.utf8CodeUnitCount)
    guard bytes.count >= expected.count, bytes.suffix(expected.count).elementsEqual(expected) else { return nil }
    return bytes.dropLast(expected.count)
  }
}
