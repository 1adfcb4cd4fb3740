import EventLog
package import Foundation

/// The queries of the read models: Projections/<name>/queries/<query>.sql.
package struct QueryCatalog: Sendable {
  private let folder: URL

  /// Over the Projections folder.
  package init(folder: URL) { self.folder = folder }

  /// A query's text. ``Questions`` reads each once, at start: a missing file stops the server then, not a request later.
  func text(_ file: QueryFile) throws -> String {
    let url = folder.appending(path: "\(file)")
    do { return try String(contentsOf: url, encoding: .utf8) } catch { throw MissingQuery(path: url.path) }
  }

  /// What the read models are that the questions are written for, by projection. A folder without tables is none.
  func definitions(of projections: some Sequence<String>) -> [String: ReadModelDefinition] {
    var found: [String: ReadModelDefinition] = [:]
    for projection in projections {
      let folder = folder.appending(path: projection)
      guard let schema = try? String(contentsOf: folder.appending(path: "schema.sql"), encoding: .utf8),
        let apply = try? String(contentsOf: folder.appending(path: "apply.sql"), encoding: .utf8)
      else { continue }
      found[projection] = ReadModelDefinition(schema: schema, apply: apply)
    }
    return found
  }

  struct MissingQuery: Error, CustomStringConvertible {
    let path: String
    var description: String { "no query at \(path): set RECOUNT_HOME to the folder that holds Projections/" }
  }
}
