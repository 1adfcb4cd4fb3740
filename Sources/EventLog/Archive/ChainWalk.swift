import Domain

/// Follows a shard's chain through the lines of a file, recomputing every hash: what the database's `log.first_bad_batch()` does, on
/// files alone.
struct ChainWalk {
  let shard: Int
  /// When its batches may have been recorded.
  let times: Range<Instant>
  private(set) var position: Int64
  private(set) var hash: [UInt8]
  private(set) var recordedAt: Instant
  private(set) var batches: Int64 = 0

  /// From the link that the first batch hangs on.
  init(shard: Int, after position: Int64, hash: [UInt8], times: Range<Instant>) {
    (self.shard, self.position, self.hash, self.times) = (shard, position, hash, times)
    recordedAt = times.lowerBound
  }

  /// Takes the next line; says what is wrong with it.
  mutating func follow(_ line: ArraySlice<UInt8>) -> String? {
    guard let batch = BatchLine(line) else { return "the line after position \(position) is not a batch" }
    let name = "the batch of positions \(batch.firstPosition) to \(batch.lastPosition)"
    guard batch.shard == shard else { return "\(name) is of shard \(batch.shard)" }
    guard batch.firstPosition == position.addingSaturating(1), batch.lastPosition > position else {
      return "\(name) stands where position \(position.addingSaturating(1)) was due"
    }
    guard times.contains(batch.recordedAt) else { return "\(name) was recorded in another month" }
    guard batch.recordedAt >= recordedAt else { return "\(name) was recorded before the one that it follows" }
    guard let link = batch.link(after: hash), link.hex == batch.hash else { return "\(name) does not match its hash" }
    (position, hash, recordedAt) = (batch.lastPosition, link, batch.recordedAt)
    batches += 1
    return nil
  }
}

extension Sequence<UInt8> {
  /// In lower case.
  var hex: String { Hex.text(self) }
}

extension [UInt8] {
  /// From hex digits; nil for anything else.
  init?(hex: String) {
    let digits = hex.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count == hex.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
    self = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
