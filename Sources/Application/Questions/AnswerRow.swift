import Domain
import Foundation
import Postgres

/// A row on its way to being a plain value: one of an answer, or the probe that stands for any at start.
struct AnswerRow {
  private enum Source {
    case row(Row)
    case probe(QuestionProbe)
  }

  private let source: Source

  init(_ row: Row) { source = .row(row) }
  init(_ probe: QuestionProbe) { source = .probe(probe) }

  /// The value of a column. Throws an error that names the column.
  func value<T: ColumnValue>(_ column: String, as _: T.Type = T.self) throws -> T {
    switch source {
    case .row(let row): try row.decode(column)
    case .probe(let probe): try probe.value(column)
    }
  }

  /// One of an enumeration's words. Throws for a word that it has not: a newer program may have written it.
  func word<W: RawRepresentable & CaseIterable>(_ column: String, as _: W.Type = W.self) throws -> W
  where W.RawValue == String {
    try word(column, value(column, as: String.self))
  }

  /// The same; nil for NULL.
  func word<W: RawRepresentable & CaseIterable>(_ column: String, as _: W?.Type = W?.self) throws -> W?
  where W.RawValue == String {
    try value(column, as: String?.self).map { try word(column, $0) }
  }

  /// An array of an enumeration's words.
  func words<W: RawRepresentable & CaseIterable>(_ column: String, of _: W.Type = W.self) throws -> [W]
  where W.RawValue == String {
    try value(column, as: [String].self).map { try word(column, $0) }
  }

  /// The elements of a JSON array, as events name their members.
  func elements<T: Decodable>(_ column: String, of _: T.Type = T.self) throws -> [T] {
    try EventCoding.decode([T].self, from: Array(value(column, as: JSONB.self).bytes))
  }

  private func word<W: RawRepresentable & CaseIterable>(_ column: String, _ text: String) throws -> W
  where W.RawValue == String {
    if case .probe = source, let first = W.allCases.first { return first }
    guard let word = W(rawValue: text) else {
      let words = W.allCases.map(\.rawValue).joined(separator: ", ")
      throw PostgresError(.decoding, "column \(column) holds \(text.prefix(40)), which is none of \(words)")
    }
    return word
  }
}

/// A row that no database gave: it knows which columns a question's file gives, and of which types.
struct QuestionProbe {
  let file: QueryFile
  let columns: [String: PostgresType]

  init(_ file: QueryFile, _ description: StatementDescription) {
    self.file = file
    columns = Dictionary(
      description.columns.map { ($0.name, PostgresType(oid: $0.type)) }, uniquingKeysWith: { first, _ in first })
  }

  func value<T: ColumnValue>(_ column: String) throws -> T {
    let wanted = T.columnTypes.map(\.description).joined(separator: " or ")
    guard let found = columns[column] else {
      throw QuestionFault(
        file: file, reason: "column \(column): found none of that name among \(names), wanted \(wanted)")
    }
    guard T.columnTypes.contains(found) else {
      throw QuestionFault(file: file, reason: "column \(column): found \(found), wanted \(wanted)")
    }
    return T.sample
  }

  private var names: String { columns.keys.sorted().joined(separator: ", ") }
}

/// What a question's file and its decoder do not agree on.
package struct QuestionFault: Error, Sendable, CustomStringConvertible {
  let file: QueryFile
  let reason: String

  /// Names projection, file, column, found and wanted.
  package var description: String { "\(file): \(reason)" }
}
