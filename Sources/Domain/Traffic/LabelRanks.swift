/// How often each label of a block was called: a block's labels without their texts, so that those of a month are ranked by reading a few
/// rows and not one for each label.
package struct LabelRanks: Hashable, Sendable {
  /// A label, known by its hash (``SeriesLabel``), and its calls.
  package struct Entry: Hashable, Sendable {
    /// Of its text.
    package let hash: Int64
    /// In the whole block.
    package var calls: Int64

    /// A label with so many calls.
    package init(hash: Int64, calls: Int64) {
      self.hash = hash
      self.calls = calls
    }
  }

  /// In the hashes' order.
  package private(set) var entries: [Entry]

  /// Of no label.
  package init() { entries = [] }

  /// The labels with their calls.
  package init(_ calls: [Int64: Int64]) {
    entries = calls.map { Entry(hash: $0.key, calls: $0.value) }.sorted { $0.hash < $1.hash }
  }

  /// How often each label was called in all of some blocks.
  package static func merged(_ blocks: [LabelRanks]) -> [Int64: Int64] {
    var calls: [Int64: Int64] = [:]
    calls.reserveCapacity(blocks.lazy.map(\.entries.count).max() ?? 0)
    for block in blocks {
      for entry in block.entries { calls[entry.hash, default: 0] += entry.calls }
    }
    return calls
  }

  /// As it is stored: of each its hash in eight bytes, big endian, and its calls (LEB128).
  package var bytes: [UInt8] {
    var writer = TrafficWriter()
    for entry in entries {
      writer.write(fixed: entry.hash)
      writer.write(entry.calls)
    }
    return writer.bytes
  }

  /// From what was stored. Throws ``TrafficBytesError``.
  package init(bytes: [UInt8]) throws(TrafficBytesError) {
    entries = try TrafficReader.whole(bytes) { reader throws(TrafficBytesError) in
      var entries: [Entry] = []
      entries.reserveCapacity(bytes.count / 9)
      while !reader.isAtEnd {
        let hash = try reader.fixed()
        guard entries.last.map({ $0.hash < hash }) ?? true else { throw reader.fault }
        entries.append(Entry(hash: hash, calls: try reader.number()))
      }
      return entries
    }
  }
}

extension TrafficWriter {
  mutating func write(fixed value: Int64) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }
}

extension TrafficReader {
  mutating func fixed() throws(TrafficBytesError) -> Int64 {
    guard let value = next(8) else { throw fault }
    return Int64(bigEndian: UnsafeRawBufferPointer(value).loadUnaligned(as: Int64.self))
  }
}
