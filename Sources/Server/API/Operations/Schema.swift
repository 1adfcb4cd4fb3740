import Domain

/// What a JSON value may be, as JSON Schema (2020-12) says it.
struct Schema: Sendable, Equatable {
  private(set) var members: [String: JSONValue]

  init(_ members: [String: JSONValue]) { self.members = members }

  var json: JSONValue { .object(members) }

  static let string = Schema(["type": "string"])
  static let uuid = format("uuid")
  /// RFC 3339.
  static let time = format("date-time")
  static let day = format("date")
  static let integer = Schema(["type": "integer"])
  /// From 0 on.
  static let count = Schema(["type": "integer", "minimum": 0])
  static let number = Schema(["type": "number"])
  static let boolean = Schema(["type": "boolean"])

  static func format(_ format: String) -> Schema { Schema(["type": "string", "format": .string(format)]) }

  static func text(_ lengths: ClosedRange<Int>, pattern: String? = nil) -> Schema {
    var schema = Schema([
      "type": "string", "minLength": .integer(lengths.lowerBound), "maxLength": .integer(lengths.upperBound),
    ])
    schema.members["pattern"] = pattern.map { .string($0) }
    return schema
  }

  static func pattern(_ pattern: String) -> Schema { Schema(["type": "string", "pattern": .string(pattern)]) }

  static func integer(_ range: ClosedRange<Int>, default value: Int? = nil) -> Schema {
    var schema = Schema([
      "type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
    ])
    schema.members["default"] = value.map { .integer($0) }
    return schema
  }

  static func words(_ words: [String]) -> Schema { Schema(["enum": .array(words.map { .string($0) })]) }

  /// One of an enumeration's raw values.
  static func words<Word: RawRepresentable & CaseIterable>(of _: Word.Type) -> Schema where Word.RawValue == String {
    words(Word.allCases.map(\.rawValue))
  }

  static func constant(_ value: JSONValue) -> Schema { Schema(["const": value]) }

  static func array(of element: Schema, atLeast: Int? = nil, atMost: Int? = nil) -> Schema {
    var schema = Schema(["type": "array", "items": element.json])
    schema.members["minItems"] = atLeast.map { .integer($0) }
    schema.members["maxItems"] = atMost.map { .integer($0) }
    return schema
  }

  static func anyOf(_ schemas: [Schema]) -> Schema { Schema(["anyOf": .array(schemas.map(\.json))]) }

  static func oneOf(_ schemas: [Schema]) -> Schema { Schema(["oneOf": .array(schemas.map(\.json))]) }

  /// A component of the document.
  static func component(_ name: String) -> Schema { Schema(["$ref": .string("#/components/schemas/\(name)")]) }

  /// The same, or null.
  var orNull: Schema { .anyOf([self, Schema(["type": "null"])]) }

  func described(_ text: String?) -> Schema {
    guard let text else { return self }
    var schema = self
    schema.members["description"] = .string(text)
    return schema
  }
}
