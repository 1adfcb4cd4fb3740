import Domain
import Foundation

/// A query parameter: what is described is what is read.
struct Parameter<Value: Sendable>: Sendable {
  let name: String
  let schema: Schema
  let note: String?
  let isRequired: Bool
  let read: @Sendable (ReadParameters) throws -> Value

  init(
    _ name: String, _ schema: Schema, note: String? = nil, isRequired: Bool = false,
    read: @escaping @Sendable (ReadParameters) throws -> Value
  ) {
    self.name = name
    self.schema = schema
    self.note = note
    self.isRequired = isRequired
    self.read = read
  }
}

/// The query parameters of an operation.
struct QueryParameters: Sendable {
  /// What the document says of each.
  let all: [(name: String, schema: Schema, note: String?, isRequired: Bool)]

  init<each Value: Sendable>(_ parameters: repeat Parameter<each Value>) {
    var all: [(name: String, schema: Schema, note: String?, isRequired: Bool)] = []
    for parameter in repeat each parameters {
      all.append((parameter.name, parameter.schema, parameter.note, parameter.isRequired))
    }
    self.all = all
  }

  private init(all: [(name: String, schema: Schema, note: String?, isRequired: Bool)]) { self.all = all }

  /// These and others.
  func and(_ others: QueryParameters) -> QueryParameters { QueryParameters(all: all + others.all) }

  var names: [String] { all.map(\.name) }
}

extension Parameter {
  static func text(_ name: String, _ note: String? = nil, _ schema: Schema = .string) -> Self where Value == String? {
    Parameter(name, schema, note: note) { try $0.text(name) }
  }

  static func time(_ name: String, _ note: String? = nil) -> Self where Value == Instant? {
    Parameter(name, .time, note: note) { try $0.time(name) }
  }

  /// One of an enumeration's raw values; nil when it is not said.
  static func word<Word: RawRepresentable & CaseIterable & Sendable>(_ name: String, _ note: String? = nil) -> Self
  where Word.RawValue == String, Value == Word? {
    Parameter(name, .words(of: Word.self), note: note) { try $0.word(name, Word.self) }
  }

  /// One of a few words; nil when it is not said.
  static func word(_ name: String, of words: [String], _ note: String? = nil) -> Self where Value == String? {
    Parameter(name, .words(words), note: note) { try $0.choice(name, of: words) }
  }

  static func flag(_ name: String, _ note: String? = nil) -> Self where Value == Bool {
    Parameter(name, .words(["true", "false"]), note: note) { try $0.choice(name, of: ["true", "false"]) == "true" }
  }

  /// How many entries a page has.
  static func limit(_ value: Int = 50, upTo maximum: Int) -> Self where Value == Int {
    Parameter("limit", .integer(1...maximum, default: value)) { try $0.limit(default: value, maximum: maximum) }
  }

  /// Where the page before ended, of a list whose places are read so.
  static func cursor(_ read: @escaping @Sendable (ReadParameters) throws -> Value) -> Self {
    Parameter("cursor", .string, note: "`next_cursor` of the page before.", read: read)
  }
}
