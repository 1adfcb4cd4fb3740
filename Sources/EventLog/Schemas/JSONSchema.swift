import Foundation

/// A JSON Schema 2020-12, made ready to be matched: the keywords that EventSchemas/ uses. Another keyword is an error, for a schema
/// that is understood in part proves nothing.
final class JSONSchema: Sendable {
  /// What the value may be; nil for anything.
  let type: ValueType?
  /// What it must equal one of; nil for anything.
  let allowed: [JSONConstant]?
  let minimum: Double?
  let maximum: Double?
  let minLength: Int?
  let maxLength: Int?
  let pattern: SchemaPattern?
  let isUUID: Bool
  /// In the order that jsonb keeps an object's members in, which makes the next one the likeliest.
  let properties: [Property]
  /// A bit for each of `properties` that must be there.
  let required: UInt64
  let allowsOthers: Bool
  let items: JSONSchema?
  let minItems: Int?
  let areUnique: Bool
  let anyOf: [JSONSchema]

  /// A member of an object.
  struct Property: Sendable {
    let name: [UInt8]
    let schema: JSONSchema
  }

  /// The types of JSON Schema.
  enum ValueType: String, Decodable, Sendable {
    case object, array, string, integer, number, boolean, null
  }

  /// From the keywords of a schema. Throws ``SchemaError``.
  init(_ keywords: SchemaKeywords) throws {
    if let unknown = keywords.unknown { throw SchemaError.unknownKeyword(unknown) }
    type = keywords.type
    allowed = keywords.const.map { [$0] } ?? keywords.enum
    (minimum, maximum) = (keywords.minimum, keywords.maximum)
    (minLength, maxLength) = (keywords.minLength, keywords.maxLength)
    pattern = try keywords.pattern.map(SchemaPattern.init)
    isUUID =
      try keywords.format.map {
        guard $0 == "uuid" else { throw SchemaError.unknownKeyword("format \($0)") }
        return true
      } ?? false
    properties = try (keywords.properties ?? [:])
      .map { Property(name: Array($0.key.utf8), schema: try JSONSchema($0.value)) }
      .sorted { ($0.name.count, $0.name) < ($1.name.count, $1.name) }
    guard properties.count <= UInt64.bitWidth else { throw SchemaError.unknownKeyword("more than 64 properties") }
    required = try Self.bits(of: keywords.required ?? [], in: properties)
    allowsOthers = keywords.additionalProperties ?? true
    items = try keywords.items.map { try JSONSchema($0) }
    minItems = keywords.minItems
    areUnique = keywords.uniqueItems ?? false
    anyOf = try (keywords.anyOf ?? []).map { try JSONSchema($0) }
  }

  private static func bits(of required: [String], in properties: [Property]) throws -> UInt64 {
    try required.reduce(0) { bits, name in
      guard let place = properties.firstIndex(where: { $0.name == Array(name.utf8) }) else {
        throw SchemaError.unknownKeyword("required \(name), which is none of its properties")
      }
      return bits | 1 << UInt64(place)
    }
  }
}

/// Names in jsonb's order: the shorter first, then by bytes.
private func < (left: (Int, [UInt8]), right: (Int, [UInt8])) -> Bool {
  left.0 != right.0 ? left.0 < right.0 : left.1.lexicographicallyPrecedes(right.1)
}

/// Why a schema can't be checked by.
package enum SchemaError: Error, Equatable, CustomStringConvertible {
  /// It says more than is understood here.
  case unknownKeyword(String)
  /// Its file can't be read.
  case unreadable(file: String, reason: String)
  /// There are none.
  case noFolder(String)

  /// Says what to do.
  package var description: String {
    switch self {
    case .unknownKeyword(let keyword):
      "the keyword \(keyword) is not among those that the event schemas may use: teach Sources/EventLog/Schemas, or leave it out"
    case .unreadable(let file, let reason): "the event schema \(file) can't be read: \(reason)"
    case .noFolder(let path): "no event schemas at \(path): set RECOUNT_HOME to the folder that holds EventSchemas/"
    }
  }
}
