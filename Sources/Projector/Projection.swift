package import EventLog
package import Foundation

/// A read model, as its folder Projections/<name>/ says (the contract is Projections/README.md): what its tables are and how events
/// move them. Nothing here knows any by name; only who asks one something does (Application/Questions).
package struct Projection: Sendable {
  /// The folder's name, which is also its schema's.
  package let name: String
  /// Creates its tables and functions, in whatever schema the search_path names first.
  let schema: String
  /// Applies the events of one shard ($1) with after ($2) < position <= upto ($3). $4: how far voids are foreseen.
  let apply: [SQLStatement]
  /// How many series and tables of places schema.sql asks for.
  let kept: Int
  /// ``ReadModelDefinition``: another one means that the stored rows may not be what they would be now.
  let definition: String
  /// Where months of the log lie that have left the database.
  let archive: ArchiveReader?

  /// Reads a projection's folder. Throws ``ProjectionError``.
  package init(folder: URL, archive: ArchiveReader? = nil) throws {
    self.archive = archive
    name = folder.lastPathComponent
    guard Self.isAllowed(name) else { throw ProjectionError.name(name) }
    schema = try Self.text(folder, "schema.sql")
    let apply = try Self.text(folder, "apply.sql")
    self.apply = SQLStatement.all(in: apply)
    kept = ReadModelDefinition.keptTables(of: schema)
    definition = ReadModelDefinition(schema: schema, apply: apply).text
  }

  /// All projections of a folder of folders, by name. Throws ``ProjectionError``.
  package static func all(in folder: URL, archive: ArchiveReader? = nil) throws -> [Projection] {
    let files = FileManager.default
    guard let names = try? files.contentsOfDirectory(atPath: folder.path) else {
      throw ProjectionError.noFolder(folder.path)
    }
    return try names.sorted()
      .map { folder.appending(path: $0, directoryHint: .isDirectory) }
      .filter { files.fileExists(atPath: $0.appending(path: "apply.sql").path) }
      .map { try Projection(folder: $0, archive: archive) }
  }

  /// Not a read model, but recounted like one when the log is replayed: the meters, which appends decide by.
  static func meters(archive: ArchiveReader?) throws -> Projection {
    guard let folder = Bundle.module.url(forResource: "Recounts", withExtension: nil) else {
      throw CocoaError(.fileNoSuchFile)
    }
    return try Projection(folder: folder.appending(path: "meters"), archive: archive)
  }

  /// Where it is built before it replaces the live one.
  var nextName: String { name + "_next" }
  /// Where the replaced one waits to be dropped.
  var oldName: String { name + "_old" }
  /// Where a replay builds it.
  var replayName: String { name + "_replay" }

  /// A schema's name that is ours to create and drop.
  private static func isAllowed(_ name: String) -> Bool {
    name.wholeMatch(of: /[a-z][a-z0-9_]{0,40}/) != nil
      && !["log", "vault", "projector", "public", "information_schema"].contains(name)
      && !["pg_"].contains { name.hasPrefix($0) }
      && !["_next", "_old", "_replay"].contains { name.hasSuffix($0) }
  }

  private static func text(_ folder: URL, _ file: String) throws -> String {
    let url = folder.appending(path: file)
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { throw ProjectionError.missing(url.path) }
    return text
  }
}

/// Why a folder is no projection.
package enum ProjectionError: Error, Equatable, CustomStringConvertible {
  /// There is no such folder of projections.
  case noFolder(String)
  /// The folder's name can't be a schema's.
  case name(String)
  /// A file is missing or not UTF-8.
  case missing(String)
  /// No projection has this name.
  case unknown(String, known: [String])

  /// Says what to do.
  package var description: String {
    switch self {
    case .noFolder(let path):
      "no projections at \(path): set RECOUNT_HOME to the folder that holds Projections/"
    case .name(let name):
      "projection \(name): its folder's name becomes a schema's, so it must be lower-case letters, digits and _, at most 41, "
        + "not end in _next, _old or _replay, and not be a schema of Recount or PostgreSQL"
    case .missing(let path): "no readable file at \(path): a projection has schema.sql and apply.sql"
    case .unknown(let name, let known):
      "no projection is called \(name): there are \(known.joined(separator: ", "))"
    }
  }
}
