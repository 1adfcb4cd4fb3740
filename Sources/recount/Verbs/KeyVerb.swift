import Application
public import ArgumentParser
package import Domain
import EventLog
public import Foundation
import Server

/// `recount key …`
struct KeyVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Issue, list, rotate and revoke a project's API keys.",
    subcommands: [Issue.self, List.self, Rotate.self, Revoke.self])

  /// `recount key issue`
  struct Issue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Issue a key. It is shown once.")

    @Option(help: "The project's id.")
    var project: UUID

    @Option(help: "What the key is for.")
    var name: String

    @Option(help: "live, or test: test events are shown apart, and have a monthly quota of their own.")
    var mode = KeyMode.live

    @Option(help: "What it opens: track, read; repeat for both.")
    var scope: [KeyScope] = KeyScope.allCases

    @Option(help: "When it stops working by itself, such as 90d or 12h (s, m, h, d); never when left out.")
    var expiresIn: Period?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
      try await ProjectAccess.with(project) { account, log, _ in
        let new = ProjectKeys.NewKey(name: name, mode: mode, scopes: scope, expiresAt: expiresIn?.end)
        try await ProjectKeys(log: log).issue(new, for: project, of: account).show(json: json)
      }
    }
  }

  /// `recount key list`
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List a project's keys.")

    @Option(help: "The project's id.")
    var project: UUID

    func run() async throws {
      try await ProjectAccess.with(project) { account, _, questions in
        var last: TimePlace?
        repeat {
          let page = try await questions.keys(of: project, in: account, after: last, limit: 500).value
          for key in page.entries { Self.show(key) }
          last = page.next
        } while last != nil
      }
    }

    private static func show(_ key: ListedKey) {
      let parts = [key.id.text, key.hint, key.mode.rawValue, state(key), key.name]
      Terminal.say("\(parts.joined(separator: "  "))")
    }

    private static func state(_ key: ListedKey) -> String {
      switch key.status(at: SystemClock().now) {
      case .active(let end): end.map { "active until \($0.textToSecond)" } ?? "active"
      case .rotated(let end): "rotated, works until \(end.textToSecond)"
      case .retired(let time): "retired \(time.textToSecond)"
      case .expired(let time): "expired \(time.textToSecond)"
      case .revoked: "revoked\(key.revokedAt.map { " \($0.textToSecond)" } ?? "")"
      }
    }
  }

  /// `recount key rotate`
  struct Rotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Issue a key in another's place. It is shown once; for a while both work.")

    @Option(help: "The project's id.")
    var project: UUID

    @Option(help: "The id of the key to replace, from `recount key list`.")
    var key: UUID

    @Option(help: "How long the old key works on, 0s to 7d (s, m, h, d).")
    var grace = Period(Project.defaultGrace)

    @Option(help: "When the new key stops working by itself; when the old one would have, when left out.")
    var expiresIn: Period?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
      try await ProjectAccess.with(project) { account, log, _ in
        let issued = try await ProjectKeys(log: log).rotate(
          key, of: project, account: account, grace: grace.span,
          expiry: expiresIn.map { .at($0.end) })
        issued.show(json: json)
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
        Terminal.say("revoked  \(key.text)")
      }
    }
  }
}

extension ProjectKeys.Issued {
  /// What its owner is shown, once.
  fileprivate func show(json: Bool) {
    let id = id.text
    if json {
      Terminal.say(json: JSONValue.object(["key_id": .string(id), "api_key": .string(key.secret)]).text)
    } else {
      Terminal.say("key      \(id)\napi key  \(key.secret)\n\nKeep it now: it won't be shown again.")
    }
  }
}

extension KeyMode: ExpressibleByArgument {}
extension KeyScope: ExpressibleByArgument {}
extension UUID: @retroactive ExpressibleByArgument {
  /// A UUID in its usual form.
  public init?(argument: String) { self.init(uuidString: argument) }
}
