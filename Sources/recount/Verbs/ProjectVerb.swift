import Application
import ArgumentParser
import Domain
import EventLog
import Foundation
import Server

/// `recount project …`
struct ProjectVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "project", abstract: "Take requests out of a project's numbers, and see what was taken.",
    subcommands: [VoidVerb.self, Voids.self])

  /// `recount project void`
  struct VoidVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "void",
      abstract:
        "Take a span of a project's requests, such as a load test, out of all numbers, and give its quota back.",
      discussion: """
        The requests stay in the log, and so does the void with its reason. Taken are those that count at the moment, by \
        their own timestamps; what arrives later counts, until it is voided, too. There is no way back.
        """)

    @Option(help: "The project's id.")
    var project: UUID

    @Option(help: "The first timestamp taken, such as 2026-11-24T10:00:00Z or 2026-11-24 (midnight UTC).")
    var from: AuditTime

    @Option(help: "The first timestamp after the span.")
    var to: AuditTime

    @Option(help: "Why: 1 to 500 characters, kept in the log for ever.")
    var reason: String

    @Option(help: "live or test.")
    var mode = KeyMode.live

    @Option(
      help: "The void's own id, any UUID: the same command with the same id is done once. Drawn when left out.")
    var id: UUID?

    @Flag(help: "Leave what is taken in what the quota has used, as when an owner voids.")
    var keepUsed = false

    @Flag(help: "Only count what would be taken.")
    var dryRun = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
      if from.instant >= to.instant { throw ValidationError("--from: allowed: a time before --to") }
    }

    func run() async throws {
      try await ProjectAccess.with(project) { account, log, _ in
        let stream = StreamID.project(project, of: account, shard: log.shards.shard(of: account))
        let span = Voiding.Span(mode: mode, from: from.instant.toMillisecond, to: to.instant.toMillisecond)
        if dryRun {
          show(try await Voiding(log: log).preview(span, on: stream).counts, "would be voided", id: nil)
          return
        }
        var random = SystemRandomNumberGenerator()
        let drawn = UUID.v7(at: SystemClock().now, using: &random)
        let (void, isNew) = try await Voiding(log: log)(
          id ?? drawn, span, reason: reason, givesBackQuota: !keepUsed, on: stream)
        show(void.counts, isNew ? "voided" : "voided before, by the same command", id: void.voidID)
      }
    }

    private func show(_ counts: [VoidedCount], _ what: String, id: UUID?) {
      let events = counts.reduce(0) { $0 + $1.events }
      let id = id?.text
      guard !json else {
        let rows = counts.map {
          #"{"month": "\#($0.month)", "key_id": "\#($0.keyID.text)", "events": \#($0.events)}"#
        }
        Terminal.say(
          json: #"{"void_id": \#(id.map { "\"\($0)\"" } ?? "null"), "events": \#(events), "#
            + #""counts": [\#(rows.joined(separator: ", "))]}"#)
        return
      }
      for count in counts {
        Terminal.say("\(count.month)  key \(count.keyID.text)  \(count.events)")
      }
      Terminal.say("\(events) requests \(what)\(id.map { " (void \($0))" } ?? "")")
    }
  }

  /// `recount project voids`
  struct Voids: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List what was taken out of a project's numbers.")

    @Option(help: "The project's id.")
    var project: UUID

    func run() async throws {
      try await ProjectAccess.with(project) { account, _, questions in
        var last: Int64?
        repeat {
          let page = try await questions.voids(ofProject: project, in: account, before: last, limit: 500).value
          for void in page.entries { Self.show(void) }
          last = page.next
        } while last != nil
      }
    }

    private static func show(_ void: ListedVoid) {
      let parts = [
        void.id.text, void.mode.rawValue, void.from.description, void.to.description,
        "\(void.events) requests", void.givesBackQuota ? "given back" : "still used",
        "recorded \(void.recordedAt)", void.reason,
      ]
      Terminal.say("\(parts.joined(separator: "  "))")
    }
  }
}
