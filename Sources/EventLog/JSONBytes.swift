import Foundation

/// Members of a JSON object in the making, as UTF-8. For the hot path, where an encoder would cost more than the append; it writes
/// only ids, numbers and words of ours, none of which needs escaping.
struct JSONBytes {
  private(set) var bytes: [UInt8] = []

  /// Appends members that are JSON already.
  mutating func members(_ json: [UInt8]) {
    separate()
    bytes += json
  }

  mutating func string(_ name: StaticString, _ id: UUID) {
    key(name)
    bytes.append(UInt8(ascii: "\""))
    append(id)
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func string(_ name: StaticString, _ word: String) {
    key(name)
    bytes.append(UInt8(ascii: "\""))
    bytes += word.utf8
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func number(_ name: StaticString, _ number: some BinaryInteger) {
    key(name)
    bytes += String(number).utf8
  }

  mutating func bool(_ name: StaticString, _ value: Bool) {
    key(name)
    bytes += (value ? "true" : "false").utf8
  }

  mutating func array(_ name: StaticString, _ numbers: [Int]) {
    key(name)
    bytes.append(UInt8(ascii: "["))
    for (index, number) in numbers.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += String(number).utf8
    }
    bytes.append(UInt8(ascii: "]"))
  }

  mutating func array(_ name: StaticString, _ ids: [UUID?]) {
    key(name)
    for (index, id) in ids.enumerated() {
      bytes.append(UInt8(ascii: index == 0 ? "[" : ","))
      guard let id else {
        bytes += "null".utf8
        continue
      }
      bytes.append(UInt8(ascii: "\""))
      append(id)
      bytes.append(UInt8(ascii: "\""))
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// Appends an array whose elements are JSON already, separated by commas.
  mutating func array(_ name: StaticString, elements: [UInt8]) {
    bytes.reserveCapacity(bytes.count + elements.count + 16)
    key(name)
    bytes.append(UInt8(ascii: "["))
    bytes += elements
    bytes.append(UInt8(ascii: "]"))
  }

  /// The members as an object.
  func object() -> [UInt8] {
    var object: [UInt8] = []
    object.reserveCapacity(bytes.count + 2)
    object.append(UInt8(ascii: "{"))
    object += bytes
    object.append(UInt8(ascii: "}"))
    return object
  }

  private mutating func separate() {
    if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func key(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
  }

  /// In lower case, as PostgreSQL prints it. `uuidString` goes through printf, ten times slower.
  private mutating func append(_ id: UUID) {
    withUnsafeBytes(of: id.uuid) { source in
      for (index, byte) in source.enumerated() {
        if index == 4 || index == 6 || index == 8 || index == 10 { bytes.append(UInt8(ascii: "-")) }
        bytes.append(Self.digit(byte >> 4))
        bytes.append(Self.digit(byte & 15))
      }
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
