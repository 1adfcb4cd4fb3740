import Domain
import Foundation

/// A member of a request's body: what is described is what is read.
struct Member<Value: Sendable>: Sendable {
  let described: Described
  let read: @Sendable (JSONBody) throws -> Value

  /// What the document says of it.
  struct Described: Sendable {
    let name: String
    let schema: Schema
    let isRequired: Bool
  }

  init(
    _ name: String, _ schema: Schema, note: String? = nil, isRequired: Bool,
    read: @escaping @Sendable (JSONBody) throws -> Value
  ) {
    described = Described(name: name, schema: schema.described(note), isRequired: isRequired)
    self.read = read
  }
}

/// The body of a request: a JSON object.
struct Body: Sendable {
  /// Name, schema, and whether it must be there.
  let members: [(name: String, schema: Schema, isRequired: Bool)]

  init<each Value: Sendable>(_ members: repeat Member<each Value>) {
    var described: [(name: String, schema: Schema, isRequired: Bool)] = []
    for member in repeat each members {
      described.append((member.described.name, member.described.schema, member.described.isRequired))
    }
    self.members = described
  }

  var names: [String] { members.map(\.name) }

  /// No body stands for no members.
  var isRequired: Bool { members.contains(where: \.isRequired) }

  var schema: Schema {
    var schema: [String: JSONValue] = [
      "type": "object",
      "properties": .object(Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.schema.json) })),
      "additionalProperties": false,
    ]
    let required = members.filter(\.isRequired).map(\.name).sorted()
    if !required.isEmpty { schema["required"] = .array(required.map { .string($0) }) }
    return Schema(schema)
  }
}

extension Member {
  static func text(_ name: String, _ note: String? = nil, _ schema: Schema = .string) -> Self where Value == String {
    Member(name, schema, note: note, isRequired: true) { try $0.text(name) }
  }

  static func optionalText(
    _ name: String, _ note: String? = nil, _ schema: Schema = .string
  ) -> Self where Value == String? {
    Member(name, schema.orNull, note: note, isRequired: false) { try $0.optionalText(name) }
  }

  static func email(_ name: String, _ note: String? = nil) -> Self where Value == EmailAddress {
    Member(name, .format("email"), note: note, isRequired: true) { try $0.email(name) }
  }

  static func optionalInteger(
    _ name: String, _ range: ClosedRange<Int>, _ note: String? = nil
  ) -> Self where Value == Int? {
    Member(name, Schema.integer(range).orNull, note: note, isRequired: false) {
      try $0.optionalInteger(name, in: range)
    }
  }

  static func time(_ name: String, _ note: String? = nil) -> Self where Value == Instant {
    Member(name, .time, note: note, isRequired: true) { body in
      guard let time = try body.optionalTime(name) else {
        throw JSONBody.invalid(name, "nothing", allowed: Instant.allowed)
      }
      return time
    }
  }

  static func optionalTime(_ name: String, _ note: String? = nil) -> Self where Value == Instant? {
    Member(name, .time.orNull, note: note, isRequired: false) { try $0.optionalTime(name) }
  }

  static func optionalWord<Word: RawRepresentable & CaseIterable & Sendable>(
    _ name: String, _ note: String? = nil
  ) -> Self where Word.RawValue == String, Value == Word? {
    Member(name, Schema.words(of: Word.self).orNull, note: note, isRequired: false) { try $0.optionalChoice(name) }
  }

  /// Some of an enumeration's raw values, at least one.
  static func optionalWords<Word: RawRepresentable & CaseIterable & Sendable>(
    _ name: String, _ note: String? = nil
  ) -> Self where Word.RawValue == String, Value == [Word]? {
    Member(name, Schema.array(of: .words(of: Word.self), atLeast: 1).orNull, note: note, isRequired: false) {
      try $0.optionalChoices(name)
    }
  }
}

extension Member where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of an enumeration's raw values.
  static func word(_ name: String, _ note: String? = nil) -> Self {
    Member(name, .words(of: Value.self), note: note, isRequired: true) { body in
      guard let word: Value = try body.optionalChoice(name) else {
        throw JSONBody.invalid(name, "nothing", allowed: Value.allCases.map(\.rawValue).joined(separator: ", "))
      }
      return word
    }
  }
}
