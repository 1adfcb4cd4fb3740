extension JSONScanner {
  /// Steps into the object or array at the index.
  package mutating func enter() throws(JSONSyntaxError) {
    guard depth < maximumDepth else {
      throw JSONSyntaxError(
        offset: index, expected: "at most \(maximumDepth) levels of nesting", found: "a value nested too deep")
    }
    depth += 1
    index += 1
  }

  /// The next key of the object that was entered, with the scanner left at its value; nil when the object has ended.
  package mutating func nextKey(isFirst: inout Bool) throws(JSONSyntaxError) -> JSONToken? {
    guard try nextPlace(closing: UInt8(ascii: "}"), isFirst: &isFirst) else { return nil }
    return try key()
  }

  /// Whether the array that was entered has another element, which the scanner is then left at.
  package mutating func nextElement(isFirst: inout Bool) throws(JSONSyntaxError) -> Bool {
    try nextPlace(closing: UInt8(ascii: "]"), isFirst: &isFirst)
  }

  private mutating func nextPlace(closing: UInt8, isFirst: inout Bool) throws(JSONSyntaxError) -> Bool {
    skipSpace()
    if current == closing {
      index += 1
      depth -= 1
      return false
    }
    if isFirst {
      isFirst = false
      return true
    }
    guard current == UInt8(ascii: ",") else {
      throw unexpected("',' or '\(Character(UnicodeScalar(closing)))'")
    }
    index += 1
    skipSpace()
    return true
  }

  @inline(__always)
  private mutating func key() throws(JSONSyntaxError) -> JSONToken {
    guard current == UInt8(ascii: "\"") else { throw unexpected("a field name in double quotes") }
    let key = try string()
    skipSpace()
    guard current == UInt8(ascii: ":") else { throw unexpected("':' after the field name") }
    index += 1
    skipSpace()
    return key
  }

  /// Walks over the object or array at the index. `kinds` is a stack of bits, 1 for an object, 0 for an array.
  mutating func nested() throws(JSONSyntaxError) -> JSONToken {
    let start = index
    let outer = depth
    let isObject = current == UInt8(ascii: "{")
    var kinds: UInt64 = 0
    var isFirst = true
    try enter()
    kinds = isObject ? 1 : 0
    while depth > outer {
      let isInObject = kinds & 1 == 1
      let hasMore =
        if isInObject { try nextKey(isFirst: &isFirst) != nil } else { try nextElement(isFirst: &isFirst) }
      if !hasMore {
        kinds >>= 1
        // What was just left is a value of its parent, so the parent is past its first.
        isFirst = false
      } else if current == UInt8(ascii: "{") || current == UInt8(ascii: "[") {
        kinds = (kinds << 1) | (current == UInt8(ascii: "{") ? 1 : 0)
        try enter()
        isFirst = true
      } else {
        _ = try value()
      }
    }
    return JSONToken(kind: isObject ? .object : .array, start: start, end: index)
  }
}
