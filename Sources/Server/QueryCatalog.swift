public import Foundation

/// The queries of the read models: Projections/<name>/queries/<query>.sql.
public struct QueryCatalog: Sendable {
  private let folder: URL

  /// Over the Projections folder.
  public init(folder: URL) { self.folder = folder }

  /// A query's text. The server reads each once, at start: a missing file stops the server then, not a request later.
  public func text(_ projection: String, _ query: String) throws -> String {
    let file = folder.appending(path: "\(projection)/queries/\(query).sql")
    do { return try String(contentsOf: file, encoding: .utf8) } catch {
      throw MissingQuery(path: file.path)
    }
  }

  struct MissingQuery: Error, CustomStringConvertible {
    let path: String
    var description: String { "no query at \(path): set RECOUNT_HOME to the folder that holds Projections/" }
  }
}
