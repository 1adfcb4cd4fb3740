public import ArgumentParser
public import Domain
import EventLog
public import Foundation
import Postgres
import Server

/// `recount key …`
struct KeyVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Issue, list and revoke a project's API keys.",
    subcommands: [Issue.self, List.self, Revoke.self])

  /// `recount key issue`
  struct Issue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Issue a key. It is shown once.")

    @Option(help: "The project's id.")
    var project: UUID

    @Option(help: "What the key is for.")
    var name: String

    @Option(help: "live, or test: test events are accepted, shown apart and never count against the quota.")
    var mode = KeyMode.live

    @Option(help: "What it opens: track, read; repeat for both.")
    var scope: [KeyScope] = KeyScope.allCases

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
      try await ProjectAccess.with(project) { account, log, _ in
        let issued = try await ProjectKeys(log: log)
          .issue(for: project, of: account, name: name, mode: mode, scopes: scope)
        let id = issued.id.uuidString.lowercased()
        print(
          json
            ? #"{"key_id": "\#(id)", "api_key": "\#(issued.key.secret)"}"#
            : "key      \(id)\napi key  \(issued.key.secret)\n\nKeep it now: it won't be shown again.")
      }
    }
  }

  /// `recount key list`
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List a project's keys.")

    @Option(help: "The project's id.")
    var project: UUID

    func run() async throws {
      try await ProjectAccess.with(project) { account, log, queries in
        let rows = try await log.pool.query(
          Query(queries.text("directory", "keys_of_project"), [Int32(log.shards.shard(of: account)), project]))
        for row in rows {
          let revoked = try row.decode("revoked_at", as: Date?.self)
          print(
            try row.decode("key_id", as: UUID.self).uuidString.lowercased(), try row.decode("hint", as: String.self),
            try row.decode("mode", as: String.self), revoked.map { "revoked \($0.formatted(.iso8601))" } ?? "active",
            try row.decode("name", as: String.self), separator: "  ")
        }
      }
    }
  }

  /// `recount key revoke`
  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Revoke a key for good; every server refuses it within a second.")

    @Option(help: "The project's id.")
    var project: UUID

    @Option(help: "The key's id, from `recount key list`.")
    var key: UUID

    func run() async throws {
      try await ProjectAccess.with(project) { account, log, _ in
        try await ProjectKeys(log: log).revoke(key, of: project, account: account)
        print("revoked  \(key.uuidString.lowercased())")
      }
    }
  }
}

extension KeyMode: ExpressibleByArgument {}
extension KeyScope: ExpressibleByArgument {}
extension UUID: @retroactive ExpressibleByArgument {
  /// A UUID in its usual form.
  public init?(argument: String) { self.init(uuidString: argument) }
}
