import Foundation

/// A schema as its file says it.
struct SchemaKeywords: Decodable {
  var type: JSONSchema.ValueType?
  var `enum`: [JSONConstant]?
  var const: JSONConstant?
  var minimum: Double?
  var maximum: Double?
  var minLength: Int?
  var maxLength: Int?
  var pattern: String?
  var format: String?
  var properties: [String: SchemaKeywords]?
  var required: [String]?
  var additionalProperties: Bool?
  var items: SchemaKeywords? { boxedItems?.first }
  var minItems: Int?
  var uniqueItems: Bool?
  var anyOf: [SchemaKeywords]?
  /// A keyword that is not understood here.
  var unknown: String?
  private var boxedItems: [SchemaKeywords]?

  /// Those that say nothing about a value.
  private static let annotations: Set = ["$schema", "$id", "title", "description", "contentEncoding"]

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let keywords = try decoder.container(keyedBy: Key.self)
    for key in keywords.allKeys where !Self.annotations.contains(key.stringValue) {
      switch key.stringValue {
      case "type": type = try keywords.decode(JSONSchema.ValueType.self, forKey: key)
      case "enum": self.enum = try keywords.decode([JSONConstant].self, forKey: key)
      case "const": const = try keywords.decode(JSONConstant.self, forKey: key)
      case "minimum": minimum = try keywords.decode(Double.self, forKey: key)
      case "maximum": maximum = try keywords.decode(Double.self, forKey: key)
      case "minLength": minLength = try keywords.decode(Int.self, forKey: key)
      case "maxLength": maxLength = try keywords.decode(Int.self, forKey: key)
      case "pattern": pattern = try keywords.decode(String.self, forKey: key)
      case "format": format = try keywords.decode(String.self, forKey: key)
      case "properties": properties = try keywords.decode([String: SchemaKeywords].self, forKey: key)
      case "required": required = try keywords.decode([String].self, forKey: key)
      case "additionalProperties": additionalProperties = try keywords.decode(Bool.self, forKey: key)
      case "items": boxedItems = [try keywords.decode(SchemaKeywords.self, forKey: key)]
      case "minItems": minItems = try keywords.decode(Int.self, forKey: key)
      case "uniqueItems": uniqueItems = try keywords.decode(Bool.self, forKey: key)
      case "anyOf": anyOf = try keywords.decode([SchemaKeywords].self, forKey: key)
      default: unknown = key.stringValue
      }
    }
  }
}

/// A value that a schema names.
enum JSONConstant: Decodable, Sendable, Equatable {
  case null
  case boolean(Bool)
  case number(Double)
  case string([UInt8])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let boolean = try? value.decode(Bool.self) {
      self = .boolean(boolean)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else {
      self = .string(Array(try value.decode(String.self).utf8))
    }
  }
}

/// A regular expression of a schema (ECMA-262, as far as Swift's regular expressions mean the same).
struct SchemaPattern: Sendable {
  private let text: String
  /// The text that must come first, where that is all it says: `^/`.
  private let prefix: [UInt8]?

  init(_ pattern: String) throws {
    let rest = pattern.dropFirst()
    let isPrefix = pattern.hasPrefix("^") && rest.allSatisfy { $0.isLetter || $0.isNumber || $0 == "/" || $0 == "_" }
    prefix = isPrefix ? Array(rest.utf8) : nil
    // In ECMA-262, $ is the end of the text; in Swift, it is before a line break at the end, too.
    text = pattern.hasSuffix("$") ? pattern.dropLast() + #"\z"# : pattern
    _ = try Regex(text)
  }

  func matches(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    if let prefix { return value.starts(with: prefix) }
    guard let regex = try? Regex(text) else { return false }
    return String(decoding: value, as: UTF8.self).firstMatch(of: regex.matchingSemantics(.unicodeScalar)) != nil
  }
}
