import Domain
import Foundation

/// Members of a JSON object in the making, as UTF-8. For the hot path, where an encoder, or a tree of ``JSONValue``, would cost more than
/// the append.
struct JSONBytes {
  private(set) var bytes: [UInt8] = []

  /// Appends members that are JSON already.
  mutating func members(_ json: [UInt8]) {
    separate()
    bytes += json
  }

  /// What events of a kind say they are: its type and current version.
  mutating func kind(_ kind: EventKind) {
    string("type", kind.type)
    number("version", kind.version)
  }

  mutating func string(_ name: StaticString, _ id: UUID) {
    key(name)
    JSONText.append(id, to: &bytes)
  }

  mutating func string(_ name: StaticString, _ text: String) {
    key(name)
    JSONText.append(quoted: text, to: &bytes)
  }

  mutating func number(_ name: StaticString, _ number: some BinaryInteger) {
    key(name)
    JSONText.append(Int64(number), to: &bytes)
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
      JSONText.append(Int64(number), to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  mutating func array(_ name: StaticString, _ ids: [UUID?]) {
    key(name)
    bytes.append(UInt8(ascii: "["))
    for (index, id) in ids.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      if let id { JSONText.append(id, to: &bytes) } else { bytes += "null".utf8 }
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
}
