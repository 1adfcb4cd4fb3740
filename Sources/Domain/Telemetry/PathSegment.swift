/// One segment of a path, looked at once, and whether it is an id.
///
/// The doubt is always the same: two endpoints shown as one (a word taken for an id) or one shown as thousands (an id
/// taken for a word). Each rule names what it leaves alone.
struct PathSegment {
  let bytes: UnsafeBufferPointer<UInt8>
  private(set) var digits = 0
  private(set) var letters = 0
  private(set) var hexLetters = 0
  private(set) var dots = 0
  private(set) var colons = 0
  private(set) var separators = 0
  private(set) var hasAt = false
  /// Changes between digit and letter, and from lower to upper case, within a run of letters and digits. Words have
  /// few, even in camelCase; random text changes at every other character.
  private(set) var breaks = 0
  private(set) var hasDigitBeforeLetter = false
  /// The last `-` or `_`.
  private(set) var lastSeparator: Int?

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    var previous: UInt8 = 0
    for index in 0..<bytes.count {
      let byte = bytes[index]
      if ASCII.isDigit(byte) {
        digits += 1
        if ASCII.isLetter(previous) { breaks += 1 }
      } else if ASCII.isLetter(byte) {
        countLetter(byte, after: previous)
      } else {
        countMark(byte, at: index)
      }
      previous = byte
    }
  }

  @inline(__always)
  private mutating func countLetter(_ byte: UInt8, after previous: UInt8) {
    letters += 1
    if (byte | 0x20) &- 0x61 < 6 { hexLetters += 1 }
    if ASCII.isDigit(previous) {
      breaks += 1
      hasDigitBeforeLetter = true
    } else if ASCII.isUpper(byte) && ASCII.isLower(previous) {
      breaks += 1
    }
  }

  private mutating func countMark(_ byte: UInt8, at index: Int) {
    switch byte {
    case UInt8(ascii: "."): dots += 1
    case UInt8(ascii: ":"): colons += 1
    case UInt8(ascii: "@"): hasAt = true
    case UInt8(ascii: "-"), UInt8(ascii: "_"):
      separators += 1
      lastSeparator = index
    case UInt8(ascii: "%"):
      if index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "4"), bytes[index + 2] == UInt8(ascii: "0") {
        hasAt = true
      }
    default: break
    }
  }

  var count: Int { bytes.count }
  var isAlphanumeric: Bool { count > 0 && digits + letters == count }
  /// Letters, digits, `-` and `_`: the alphabet of base64url.
  var isToken: Bool { count > 0 && digits + letters + separators == count }
}
