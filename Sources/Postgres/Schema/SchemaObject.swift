import Foundation

/// One file of a schema's `objects/`.
struct SchemaObject: Sendable {
  /// In the order in which they are made: each may speak of those before it.
  enum Kind: Int, Comparable, Sendable {
    case type, function, view

    static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
  }

  let kind: Kind
  let name: String
  let sql: String

  /// Throws ``MigrationError/notAnObject(file:)`` unless the file makes one object, which bears its name, and does nothing else.
  init(file: URL, schema: String) throws {
    let sql = try String(contentsOf: file, encoding: .utf8)
    let opening = /CREATE (TYPE|OR REPLACE FUNCTION|OR REPLACE VIEW) ([a-z]+)\.([a-z0-9_]+)[ (].*/
    let statements = sql.split(separator: "\n").filter { $0.prefixMatch(of: Self.statement) != nil }
    let name = file.deletingPathExtension().lastPathComponent
    guard statements.count == 1, let made = statements[0].wholeMatch(of: opening), made.2 == schema, made.3 == name
    else {
      throw MigrationError.notAnObject(file: "\(schema): \(file.lastPathComponent)")
    }
    kind =
      switch made.1 {
      case "TYPE": .type
      case "OR REPLACE VIEW": .view
      default: .function
      }
    self.name = name
    self.sql = sql
  }

  /// Bodies are indented, so that what stands at a line's beginning is a statement of the file's own.
  private static var statement: Regex<(Substring, Substring)> {
    /(ALTER|COMMENT|CREATE|DELETE|DO|DROP|GRANT|INSERT|REVOKE|TRUNCATE|UPDATE)\b/
  }
}
