import Foundation
import Postgres

/// A release whose logs this program must go on with: a folder of Releases/, by its day. A new one gets its folder before its schemas
/// change any further: its SQL files one after another, and calls as its programs made them.
package struct Release: Sendable, CustomStringConvertible {
  private let folder: URL

  /// All that there are, oldest first.
  package static let all: [Release] = {
    let releases = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Releases")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: releases.path)) ?? []
    return names.sorted().map { Release(folder: releases.appending(path: $0)) }
  }()

  /// Its day.
  package var description: String { folder.lastPathComponent }

  /// What it ran when it made a schema or, since it kept no ledger, started over one.
  package func script(_ schema: String) throws -> String {
    try String(contentsOf: folder.appending(path: "\(schema).sql"), encoding: .utf8)
  }

  /// A database as it left it: its log with some events in it, what its servers kept beside that, and its projector's tables.
  package var template: Template {
    Template(name: "release \(self)") { connection in
      for (schema, role) in [("log", nil), ("events", nil), ("operations", nil), ("projector", "recount_projector")] {
        try await connection.execute(script: "SET ROLE \(role ?? "NONE")")
        try await connection.execute(script: script(schema))
      }
    }
  }
}
