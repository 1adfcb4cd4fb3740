public import Foundation

/// A value that a column can be read as.
public protocol PostgresDecodable {
  /// Reads a cell. Throws `PostgresError` of kind `decoding`.
  static func decode(_ cell: Cell) throws -> Self
}

extension PostgresDecodable where Self: LosslessStringConvertible {
  /// Reads the value's text.
  public static func decode(_ cell: Cell) throws -> Self {
    guard let value = Self(try cell.required(Self.self)) else { throw cell.mismatch(Self.self) }
    return value
  }
}

extension Int: PostgresDecodable {}
extension Int64: PostgresDecodable {}
extension Int32: PostgresDecodable {}
extension Double: PostgresDecodable {}
extension String: PostgresDecodable {}

extension Bool: PostgresDecodable {
  /// `t` or `f`.
  public static func decode(_ cell: Cell) throws -> Bool {
    switch try cell.required(Bool.self) {
    case "t": true
    case "f": false
    default: throw cell.mismatch(Bool.self)
    }
  }
}

extension UUID: PostgresDecodable {
  /// Its usual form.
  public static func decode(_ cell: Cell) throws -> UUID {
    guard let value = UUID(uuidString: try cell.required(UUID.self)) else { throw cell.mismatch(UUID.self) }
    return value
  }
}

extension Date: PostgresDecodable {
  /// A timestamptz in UTC, exact to the microsecond as far as `Date` is.
  public static func decode(_ cell: Cell) throws -> Date {
    let text = try cell.required(Date.self)
    let style = ISO8601FormatStyle(dateTimeSeparator: .space, timeZone: .gmt)
    let parts = text.split(separator: "+")[0].split(separator: ".", maxSplits: 1)
    guard text.hasSuffix("+00"), let whole = try? style.parse("\(parts[0])Z") else { throw cell.mismatch(Date.self) }
    let fraction = parts.count == 2 ? Double("0.\(parts[1])") ?? 0 : 0
    return whole.addingTimeInterval(fraction)
  }
}

/// An element type of which PostgreSQL arrays are read; `UInt8` stands for bytea.
public protocol PostgresArrayElement {
  /// Reads a whole array.
  static func decodeArray(_ cell: Cell) throws -> [Self]
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
  /// An array without NULLs, such as `{1,2}`; a bytea for bytes.
  public static func decode(_ cell: Cell) throws -> [Element] { try Element.decodeArray(cell) }
}

extension UInt8: PostgresArrayElement {
  /// A bytea in hex.
  public static func decodeArray(_ cell: Cell) throws -> [UInt8] {
    let text = Array(try cell.required([UInt8].self).utf8)
    guard text.starts(with: "\\x".utf8), text.count % 2 == 0 else { throw cell.mismatch([UInt8].self) }
    return try stride(from: 2, to: text.count, by: 2).map { index in
      guard let high = hex(text[index]), let low = hex(text[index + 1]) else { throw cell.mismatch([UInt8].self) }
      return high << 4 | low
    }
  }

  private static func hex(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

extension Int32: PostgresArrayElement {
  /// integer[]
  public static func decodeArray(_ cell: Cell) throws -> [Int32] {
    try ArrayText.elements(of: cell, [Int32].self).map { element in
      guard let value = Int32(element) else { throw cell.mismatch([Int32].self) }
      return value
    }
  }
}

extension String: PostgresArrayElement {
  /// text[]
  public static func decodeArray(_ cell: Cell) throws -> [String] { try ArrayText.elements(of: cell, [String].self) }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
  /// Nil for NULL.
  public static func decode(_ cell: Cell) throws -> Wrapped? {
    cell.text == nil ? nil : try Wrapped.decode(cell)
  }
}

/// PostgreSQL's text form of one-dimensional arrays.
private enum ArrayText {
  static func elements(of cell: Cell, _ type: Any.Type) throws -> [String] {
    let text = try cell.required(type)
    guard text.hasPrefix("{"), text.hasSuffix("}") else { throw cell.mismatch(type) }
    var elements: [String] = []
    var element = ""
    var (isQuoted, isEscaped, isStarted) = (false, false, false)
    for character in text.dropFirst().dropLast() {
      if isEscaped {
        element.append(character)
        isEscaped = false
        continue
      }
      switch character {
      case "\\": isEscaped = true
      case "\"":
        isQuoted.toggle()
        isStarted = true
      case "," where !isQuoted:
        elements.append(element)
        element = ""
      default:
        element.append(character)
        isStarted = true
      }
    }
    return isStarted || !elements.isEmpty ? elements + [element] : []
  }
}
