package import Foundation

/// A database schema as its folder has it: `steps/`, which run once each and in order, and `objects/`, which are put in place anew each time.
///
/// - A step makes or changes tables. It is never edited once it has run anywhere: a change is another step. A ledger in the schema itself,
///   table `steps`, knows which have run, and the SHA-256 of their text.
/// - An object is a function, a view or a composite type, one to a file that bears its name, in folders by subject. What is no longer
///   among them is dropped: so what programs of the last release call stays a file for as long as they may run.
/// - `objects/grants.sql` says who may do what; it runs last, since it speaks of all the others.
///
/// Nothing depends on the order of the files in `objects/`: types come before functions and functions before views, and what the bodies
/// name is looked for when all are there.
package struct Schema: Sendable {
  /// Its name in the database.
  package let name: String
  /// What has run once, or will, in order.
  package let steps: [Step]
  /// What is put in place anew, in the order in which each finds what it needs.
  let objects: [SchemaObject]
  /// Who may do what.
  let grants: String

  /// A change that is made once.
  package struct Step: Sendable, Equatable {
    /// The file's name without its extension: by it the ledger knows the step.
    package let name: String
    let sql: String
  }

  /// Reads a folder, nil where a bundle has none. Throws ``MigrationError/notAnObject(file:)``, or `CocoaError` when something can't
  /// be read.
  package init(name: String, folder: URL?) throws {
    guard let folder else { throw CocoaError(.fileNoSuchFile) }
    self.name = name
    steps = try Self.files(in: folder.appending(path: "steps", directoryHint: .isDirectory)).map {
      Step(name: $0.deletingPathExtension().lastPathComponent, sql: try String(contentsOf: $0, encoding: .utf8))
    }
    let objects = folder.appending(path: "objects", directoryHint: .isDirectory)
    let grants = objects.appending(path: "grants.sql")
    self.grants = try String(contentsOf: grants, encoding: .utf8)
    self.objects = try Self.files(in: objects)
      .filter { $0.lastPathComponent != grants.lastPathComponent }
      .map { try SchemaObject(file: $0, schema: name) }
      .sorted { ($0.kind, $0.name) < ($1.kind, $1.name) }
  }

  /// The .sql files of a folder and those below it, in the order of their names.
  private static func files(in folder: URL) throws -> [URL] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".sql") }
      .sorted()
      .map { folder.appending(path: $0) }
  }
}
