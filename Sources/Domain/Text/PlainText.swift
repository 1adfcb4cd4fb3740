/// Finds the bytes that a JSON string cannot hold as they are.
enum PlainText {
  /// Where the run of plain ASCII ends that starts at `start`: the first quote, backslash, control character or
  /// byte of 0x80 and above, or the end of the bytes.
  ///
  /// Looks at eight bytes a step. Each term sets the high bit of the bytes it is after; a borrow can set it falsely,
  /// but only above a true one, and the lowest is the one that counts.
  @inline(__always)
  static func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start
    let raw = UnsafeRawBufferPointer(bytes)
    while index + 8 <= raw.count {
      let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let special = mask(word)
      if special != 0 { return index + special.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return index }
      index += 1
    }
    return index
  }

  @inline(__always)
  private static func mask(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    let quote = word ^ (ones &* 0x22)
    let slash = word ^ (ones &* 0x5C)
    let quotes = (quote &- ones) & ~quote
    let slashes = (slash &- ones) & ~slash
    let controls = (word &- ones &* 0x20) & ~word
    return (quotes | slashes | controls | word) & highs
  }
}
