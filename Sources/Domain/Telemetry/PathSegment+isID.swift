extension PathSegment {
  /// Whether the segment names one thing among many of its kind.
  var isID: Bool {
    if hasAt { return true }
    // Words are most of all segments and have none of these; addresses such as `fe80::` and hexadecimal do without.
    if digits == 0 { return isHex || isIPv6 }
    return isNumber || isHex || isUUID || isIPv4 || isIPv6 || isTimestamp || isULID || isRandom(atLeast: 20)
      || isPrefixedID
  }

  /// All digits, or a signed or decimal number. `1.0` and `2.10` stay: one or two digits on either side of the point
  /// is how bare API versions are written.
  private var isNumber: Bool {
    if digits == count { return true }
    let isSigned = bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "+")
    let magnitude = UnsafeBufferPointer(rebasing: isSigned ? bytes[1...] : bytes[...])
    guard digits + dots == magnitude.count, dots <= 1 else { return false }
    guard let dot = magnitude.firstIndex(of: UInt8(ascii: ".")) else { return true }
    let fraction = magnitude.count - dot - 1
    return dot > 0 && fraction > 0 && (isSigned || dot > 2 || fraction > 2)
  }

  /// At least 8 hexadecimal characters with a digit among them, or 16 without: `deadbeef`, `facade` and `feedface`
  /// are words, but no word of 16 letters keeps to a…f. Also `0x` and hexadecimal.
  private var isHex: Bool {
    if digits + hexLetters == count { return count >= (digits > 0 ? 8 : 16) }
    return count > 2 && digits + hexLetters == count - 1 && bytes[0] == UInt8(ascii: "0")
      && bytes[1] | 0x20 == UInt8(ascii: "x")
  }

  /// 8-4-4-4-12 hexadecimal digits; without dashes it is `isHex`.
  private var isUUID: Bool {
    guard count == 36, digits + hexLetters == 32, separators == 4 else { return false }
    let dash = UInt8(ascii: "-")
    return bytes[8] == dash && bytes[13] == dash && bytes[18] == dash && bytes[23] == dash
  }

  /// Four numbers up to 255. `1.2.3`, a version, stays.
  private var isIPv4: Bool {
    guard dots == 3, digits + dots == count, count <= 15 else { return false }
    return bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { part in
      (1...3).contains(part.count) && part.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 255
    }
  }

  private var isIPv6: Bool {
    colons >= 2 && colons <= 7 && count <= 45 && digits + hexLetters + colons + dots == count
      && digits + hexLetters > 0
  }

  /// A date with a time. A date alone stays: `/2009-04-04/meta-data` is an API version.
  private var isTimestamp: Bool {
    guard count >= 13, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return false }
    let isDate = [0, 1, 2, 3, 5, 6, 8, 9].allSatisfy { ASCII.isDigit(bytes[$0]) }
    return isDate && bytes[10] | 0x20 == UInt8(ascii: "t") && ASCII.isDigit(bytes[11])
  }

  /// 26 characters of Crockford's base 32 (all but I, L, O, U), the first 0…7 (github.com/ulid/spec).
  private var isULID: Bool {
    guard count == 26, isAlphanumeric, (0x30...0x37).contains(bytes[0]) else { return false }
    return bytes.allSatisfy { byte in
      let upper = ASCII.uppercased(byte)
      return upper != UInt8(ascii: "I") && upper != UInt8(ascii: "L") && upper != UInt8(ascii: "O")
        && upper != UInt8(ascii: "U")
    }
  }

  /// Mixed digits and letters that change class at a quarter of the places or more. Random base 62 does so at nearly
  /// half of them; `local-ipv4-addresses-v2` and `getUserAccountDetailsByIdV2` do not, or have no digit inside.
  /// Dots are allowed, for JWTs.
  private func isRandom(atLeast minimum: Int) -> Bool {
    count >= minimum && digits + letters + separators + dots == count && hasDigitBeforeLetter && breaks >= 4
      && breaks * 4 >= count
  }

  /// `order-12345`, `req-9bc36dd9`, `usr_8Fh3kd92Lq`: a name, then `-` or `_`, then at least 4 digits, an id by the
  /// rules above, or at least 8 random characters. `oauth-2`, `sha-256`, `local-ipv4` stay.
  private var isPrefixedID: Bool {
    guard let lastSeparator, isToken, ASCII.isLetter(bytes[0]) else { return false }
    let tail = PathSegment(UnsafeBufferPointer(rebasing: bytes[(lastSeparator + 1)...]))
    guard tail.digits > 0 else { return false }
    if tail.digits == tail.count { return tail.count >= 4 }
    return tail.isHex || tail.isULID || tail.isRandom(atLeast: 8)
  }
}
