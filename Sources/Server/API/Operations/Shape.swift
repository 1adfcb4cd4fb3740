import Domain
import Foundation

/// How a value is shown as a JSON object: name, schema and text of each member stand in one place, so that what is described is
/// what is sent.
struct Shape<Value>: Sendable {
  /// Of its component in the document; nil where it is written out.
  let name: String?
  let note: String?
  let fields: [Field<Value>]
  /// In the order of their names, each with what stands before its value.
  private let written: [(key: [UInt8], field: Field<Value>)]

  /// A component of the document.
  init(_ name: String, note: String? = nil, _ fields: [Field<Value>]) {
    self.init(name: name, note: note, fields)
  }

  /// One that is written out where it stands.
  init(note: String? = nil, _ fields: [Field<Value>]) { self.init(name: nil, note: note, fields) }

  private init(name: String?, note: String?, _ fields: [Field<Value>]) {
    self.name = name
    self.note = note
    self.fields = fields
    written = fields.sorted { $0.name < $1.name }.map { field in
      var key: [UInt8] = []
      JSONText.append(quoted: field.name, to: &key)
      return (key + ":".utf8, field)
    }
  }

  /// The value's members; those that have nothing to say are left out.
  func members(_ value: Value) -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    for field in fields { members[field.name] = field.json(value) }
    return members
  }

  /// The same as a document. Written at once: an answer has thousands of members, and a tree of them would cost more than all else.
  func json(_ value: Value) -> JSONValue {
    var output: [UInt8] = []
    write(value, to: &output)
    return .written(output)
  }

  /// Some values as an array.
  func list(_ values: [Value]) -> JSONValue {
    var output = Array("[".utf8)
    for (index, value) in values.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      write(value, to: &output)
    }
    output.append(UInt8(ascii: "]"))
    return .written(output)
  }

  private func write(_ value: Value, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "{"))
    var isFirst = true
    for (key, field) in written {
      guard let json = field.json(value) else { continue }
      if !isFirst { output.append(UInt8(ascii: ",")) }
      isFirst = false
      output += key
      json.write(to: &output)
    }
    output.append(UInt8(ascii: "}"))
  }

  /// A reference where it has a name.
  var schema: Schema { name.map { .component($0) } ?? writtenOut }

  private var writtenOut: Schema {
    var members: [String: JSONValue] = [
      "type": "object",
      "properties": .object(Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.schema.json) })),
      "required": .array(fields.filter { !$0.isOptional }.map(\.name).sorted().map { .string($0) }),
    ]
    members["description"] = note.map { .string($0) }
    return Schema(members)
  }

  /// The components that it and what is in it are described by.
  var components: [String: Schema] {
    var components = fields.reduce(into: [:]) { $0.merge($1.components) { $1 } }
    if let name { components[name] = writtenOut }
    return components
  }

  /// Its members, as those of a value that may hold none of this one's: then they are all left out.
  func optional<Whole>(from part: @escaping @Sendable (Whole) -> Value?) -> [Field<Whole>] {
    fields.map { $0.optional(part) }
  }

  /// The same members and more, of a value that holds this one's.
  func extended<Whole>(
    _ name: String? = nil, note: String? = nil, from part: @escaping @Sendable (Whole) -> Value, _ more: [Field<Whole>]
  ) -> Shape<Whole> {
    let fields = fields.map { $0.of(part) } + more
    return if let name { Shape<Whole>(name, note: note, fields) } else { Shape<Whole>(note: note, fields) }
  }
}

/// A member of a shape.
struct Field<Value>: Sendable {
  let name: String
  let schema: Schema
  /// Whether it is left out where there is nothing to say.
  let isOptional: Bool
  let components: [String: Schema]
  /// Nil leaves it out.
  let json: @Sendable (Value) -> JSONValue?

  init(
    _ name: String, _ schema: Schema, note: String? = nil, isOptional: Bool = false, components: [String: Schema] = [:],
    json: @escaping @Sendable (Value) -> JSONValue?
  ) {
    self.name = name
    self.schema = schema.described(note)
    self.isOptional = isOptional
    self.components = components
    self.json = json
  }

  fileprivate func of<Whole>(_ part: @escaping @Sendable (Whole) -> Value) -> Field<Whole> {
    Field<Whole>(name, schema, isOptional: isOptional, components: components) { [json] in json(part($0)) }
  }

  fileprivate func optional<Whole>(_ part: @escaping @Sendable (Whole) -> Value?) -> Field<Whole> {
    Field<Whole>(name, schema, isOptional: true, components: components) { [json] in part($0).flatMap(json) }
  }
}

extension Field {
  typealias Get<Member> = @Sendable (Value) -> Member

  static func id(_ name: String, _ note: String? = nil, _ get: @escaping Get<UUID>) -> Field {
    Field(name, .uuid, note: note) { .id(get($0)) }
  }

  static func optionalID(_ name: String, _ note: String? = nil, _ get: @escaping Get<UUID?>) -> Field {
    Field(name, .uuid.orNull, note: note) { .optional(get($0)) }
  }

  static func text(_ name: String, _ note: String? = nil, _ get: @escaping Get<String>) -> Field {
    Field(name, .string, note: note) { .string(get($0)) }
  }

  static func optionalText(_ name: String, _ note: String? = nil, _ get: @escaping Get<String?>) -> Field {
    Field(name, .string.orNull, note: note) { get($0).map { .string($0) } ?? .null }
  }

  static func integer(_ name: String, _ note: String? = nil, _ get: @escaping Get<Int>) -> Field {
    Field(name, .integer, note: note) { .integer(get($0)) }
  }

  static func integer(_ name: String, _ note: String? = nil, _ get: @escaping Get<Int64>) -> Field {
    Field(name, .integer, note: note) { .integer(Int(get($0))) }
  }

  static func boolean(_ name: String, _ note: String? = nil, _ get: @escaping Get<Bool>) -> Field {
    Field(name, .boolean, note: note) { .bool(get($0)) }
  }

  static func time(_ name: String, _ note: String? = nil, _ get: @escaping Get<Instant>) -> Field {
    Field(name, .time, note: note) { .string(get($0).description) }
  }

  static func optionalTime(_ name: String, _ note: String? = nil, _ get: @escaping Get<Instant?>) -> Field {
    Field(name, .time.orNull, note: note) { .optional(get($0)) }
  }

  /// A number as the database wrote it, which keeps every digit; null where there is none.
  static func decimal(_ name: String, _ note: String? = nil, _ get: @escaping Get<String?>) -> Field {
    Field(name, .number.orNull, note: note) { get($0).map { .number($0) } ?? .null }
  }

  /// One of an enumeration's raw values.
  static func word<Word: RawRepresentable & CaseIterable & SendableMetatype>(
    _ name: String, _ note: String? = nil, _ get: @escaping Get<Word>
  ) -> Field where Word.RawValue == String {
    Field(name, .words(of: Word.self), note: note) { .string(get($0).rawValue) }
  }

  /// Some of an enumeration's raw values.
  static func words<Word: RawRepresentable & CaseIterable & SendableMetatype>(
    _ name: String, _ note: String? = nil, _ get: @escaping Get<[Word]>
  ) -> Field where Word.RawValue == String {
    Field(name, .array(of: .words(of: Word.self)), note: note) { .array(get($0).map { .string($0.rawValue) }) }
  }

  static func one<Member>(
    _ name: String, _ shape: Shape<Member>, _ note: String? = nil, _ get: @escaping Get<Member>
  ) -> Field {
    Field(name, shape.schema, note: note, components: shape.components) { shape.json(get($0)) }
  }

  /// Left out where there is none.
  static func optional<Member>(
    _ name: String, _ shape: Shape<Member>, _ note: String? = nil, _ get: @escaping Get<Member?>
  ) -> Field {
    Field(name, shape.schema, note: note, isOptional: true, components: shape.components) { get($0).map(shape.json) }
  }

  /// A text, left out where there is none.
  static func optional(_ name: String, _ note: String? = nil, _ get: @escaping Get<String?>) -> Field {
    Field(name, .string, note: note, isOptional: true) { get($0).map { .string($0) } }
  }

  /// Left out where there is none.
  static func optionalList<Member>(
    _ name: String, of shape: Shape<Member>, _ note: String? = nil, _ get: @escaping Get<[Member]?>
  ) -> Field {
    Field(name, .array(of: shape.schema), note: note, isOptional: true, components: shape.components) {
      get($0).map(shape.list)
    }
  }

  static func list<Member>(
    _ name: String, of shape: Shape<Member>, _ note: String? = nil, _ get: @escaping Get<[Member]>
  ) -> Field {
    Field(name, .array(of: shape.schema), note: note, components: shape.components) {
      shape.list(get($0))
    }
  }
}
