import ArgumentParser
import Domain
import EventLog
import Foundation
import Postgres
import Server

/// `recount project …`
struct ProjectVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "project", abstract: "Correct what a project's numbers hold.",
    subcommands: [VoidVerb.self, Voids.self])

  /// `recount project void`
  struct VoidVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "void",
      abstract:
        "Take a stretch of a project's requests, such as a load test, out of all numbers, and give its quota back.",
      discussion: """
        The requests stay in the log, and so does the correction with its reason. Taken are those that count at the moment, by \
        their own timestamps; what arrives later counts, until it is voided, too. There is no way back.
        """)

    @Option(help: "The project's id.")
    var project: UUID

    @Option(help: "The first timestamp taken, such as 2026-11-24T10:00:00Z or 2026-11-24 (midnight UTC).")
    var from: AuditTime

    @Option(help: "The first timestamp after the stretch.")
    var to: AuditTime

    @Option(help: "Why: 1 to 500 characters, kept in the log for ever.")
    var reason: String

    @Option(help: "live or test.")
    var mode = KeyMode.live

    @Option(
      help: "The correction's own id, any UUID: the same command with the same id is done once. Drawn when left out.")
    var id: UUID?

    @Flag(help: "Leave what is taken in what the quota has used, as when an owner voids.")
    var keepUsed = false

    @Flag(help: "Only count what would be taken.")
    var dryRun = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
      if from.date >= to.date { throw ValidationError("--from: allowed: a time before --to") }
    }

    func run() async throws {
      try await ProjectAccess.with(project) { account, log, _ in
        let stream = EventLog.Stream.project(project, of: account, shard: log.shards.shard(of: account))
        let stretch = Voiding.Stretch(mode: mode, from: from.milliseconds, to: to.milliseconds)
        if dryRun {
          show(try await Voiding(log: log).preview(stretch, on: stream).counts, "would be voided", id: nil)
          return
        }
        var random = SystemRandomNumberGenerator()
        let drawn = UUID.v7(milliseconds: SystemClock().milliseconds, using: &random)
        let (void, isNew) = try await Voiding(log: log)(
          id ?? drawn, stretch, reason: reason, givesBackQuota: !keepUsed, on: stream)
        show(void.counts, isNew ? "voided" : "voided before, by the same command", id: void.voidID)
      }
    }

    private func show(_ counts: [VoidedCount], _ what: String, id: UUID?) {
      let events = counts.reduce(0) { $0 + $1.events }
      let id = id?.uuidString.lowercased()
      guard !json else {
        let rows = counts.map {
          #"{"month": "\#($0.month)", "key_id": "\#($0.keyID.uuidString.lowercased())", "events": \#($0.events)}"#
        }
        Terminal.say(
          json: #"{"void_id": \#(id.map { "\"\($0)\"" } ?? "null"), "events": \#(events), "#
            + #""counts": [\#(rows.joined(separator: ", "))]}"#)
        return
      }
      for count in counts {
        Terminal.say("\(count.month)  key \(count.keyID.uuidString.lowercased())  \(count.events)")
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
      try await ProjectAccess.with(project) { account, log, queries in
        let shard = Int32(log.shards.shard(of: account))
        let rows = try await log.pool.query(
          Query(queries.text("usage", "voids"), [shard, project, Int64?.none, Int32.max]))
        for row in rows {
          let parts = [
            try row.decode("void_id", as: UUID.self).uuidString.lowercased(), try row.decode("mode", as: String.self),
            try row.decode("from", as: Date.self).formatted(AuditTime.style),
            try row.decode("to", as: Date.self).formatted(AuditTime.style),
            "\(try row.decode("events", as: Int.self)) requests",
            try row.decode("gives_back_quota", as: Bool.self) ? "given back" : "still used",
            "recorded \(try row.decode("recorded_at", as: Date.self).formatted(AuditTime.style))",
            try row.decode("reason", as: String.self),
          ]
          Terminal.say("\(parts.joined(separator: "  "))")
        }
      }
    }
  }
}
