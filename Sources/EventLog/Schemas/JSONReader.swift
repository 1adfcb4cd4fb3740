/// JSON as PostgreSQL writes it, read once from front to back without building anything: a verification looks at every value of
/// the log.
///
/// What is no JSON gives nil or false, never a fault of memory.
struct JSONReader {
  private let bytes: UnsafeRawBufferPointer
  private var index = 0
  private var depth = 0

  /// No schema goes so deep. Each level takes a frame of the stack, whose end would end the process.
  private static let deepest = 512

  /// Reads bytes that outlive it.
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// What a value begins as.
  enum Kind { case object, array, string, number, boolean, null }

  /// The kind of the value that comes next.
  var kind: Kind? {
    mutating get {
      skipSpace()
      guard index < bytes.count else { return nil }
      switch bytes[index] {
      case UInt8(ascii: "{"): return .object
      case UInt8(ascii: "["): return .array
      case UInt8(ascii: "\""): return .string
      case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
      case UInt8(ascii: "n"): return .null
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
      default: return nil
      }
    }
  }

  /// Takes this byte if it comes next.
  mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  /// Takes a string.
  mutating func string() -> Text? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = index
    var isEscaped = false
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\""):
        index += 1
        return Text(raw: UnsafeRawBufferPointer(rebasing: bytes[start..<index - 1]), isEscaped: isEscaped)
      case UInt8(ascii: "\\"):
        isEscaped = true
        index = min(index + 2, bytes.count)
      default: index += 1
      }
    }
    return nil
  }

  /// Takes a number.
  mutating func number() -> Number? {
    skipSpace()
    let start = index
    while index < bytes.count, Self.isPartOfNumber(bytes[index]) { index += 1 }
    return Number(UnsafeRawBufferPointer(rebasing: bytes[start..<index]))
  }

  /// Takes true, false or null.
  mutating func literal() -> Literal? {
    for literal in Literal.allCases where bytes[index...].starts(with: literal.rawValue.utf8) {
      index += literal.rawValue.utf8.count
      return literal
    }
    return nil
  }

  /// The three words of JSON.
  enum Literal: String, CaseIterable { case `true`, `false`, null }

  /// Takes whatever comes next, and gives its text.
  mutating func value() -> UnsafeRawBufferPointer? {
    guard let kind else { return nil }
    let start = index
    var isWhole = true
    switch kind {
    case .string: isWhole = string() != nil
    case .number: isWhole = number() != nil
    case .boolean, .null: isWhole = literal() != nil
    case .array, .object:
      depth += 1
      defer { depth -= 1 }
      guard depth <= Self.deepest else { return nil }
      isWhole =
        kind == .array ? items { $0.value() != nil } : members { _, reader in reader.value() != nil }
    }
    return isWhole ? UnsafeRawBufferPointer(rebasing: bytes[start..<index]) : nil
  }

  /// Takes an array, each item by `body`, until that says false.
  mutating func items(_ body: (inout JSONReader) -> Bool) -> Bool {
    guard take(UInt8(ascii: "[")) else { return false }
    if take(UInt8(ascii: "]")) { return true }
    repeat {
      guard body(&self) else { return false }
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]"))
  }

  /// Takes an object, each member by `body`, until that says false.
  mutating func members(_ body: (Text, inout JSONReader) -> Bool) -> Bool {
    guard take(UInt8(ascii: "{")) else { return false }
    if take(UInt8(ascii: "}")) { return true }
    repeat {
      guard let name = string(), take(UInt8(ascii: ":")), body(name, &self) else { return false }
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}"))
  }

  private mutating func skipSpace() {
    while index < bytes.count, bytes[index] == UInt8(ascii: " ") || (9...13).contains(bytes[index]) { index += 1 }
  }

  private static func isPartOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }
}
