import Application
import Domain
import EventLog
import Foundation
import HTTPTypes

/// What an account takes away.
extension Operation {
  static let exportAccount = Operation(
    .get, "/api/v1/accounts/{account_id}/export", id: "exportAccount", .accounts, "All of the account's own events",
    note: """
      Streamed, as long as it takes. What is recorded while it runs is not part of it. Who took it is recorded (`data_exported`) and \
      shown in the security audit log. An answer that breaks off, without the end that HTTP gives it, is not whole.
      """, right: .member(.exportData),
    query: QueryParameters(ExportRoutes.format, ExportRoutes.project, ExportRoutes.from, ExportRoutes.to),
    answer: OperationAnswer(
      .ok, "The events.", content: ["application/x-ndjson": .string, "text/csv": .string]),
    problems: [.tooManyAtOnce, .tooManyAttempts])

  static let statement = Operation(
    .get, "/api/v1/accounts/{account_id}/statements/{month}", id: "statement", .accounts,
    "What the account used in a month, signed and provable",
    note: """
      Usage per project and day as of a position, with the proof that this position is part of the log that a published checkpoint was \
      signed for. `python3 tools/verify_log.py --statement FILE EXPORT --key KEY` verifies it offline, and counts the account's export \
      again.
      """, right: .member(.exportData), answer: OperationAnswer(ExportRoutes.statementShape, "The statement."),
    problems: [.tooManyAtOnce])
}

extension ExportRoutes {
  static let format = Parameter<DataExported.Format?>.word(
    "format",
    "`cloudevents` by default: a CloudEvents 1.0 JSON line an event. `csv`: a row a tracked request (RFC 4180).")
  static let project = Parameter<UUID?>("project", .uuid, note: "Events of this project alone.") { parameters in
    guard let given = try parameters.text("project") else { return nil }
    guard let id = UUID(uuidString: given) else { throw parameters.invalid("project", given, allowed: "a UUID") }
    return id
  }
  static let from = Parameter<Instant?>.time("from", "Recorded at or after.")
  static let to = Parameter<Instant?>.time("to", "Recorded before.")

  static let document = Shape<AccountStatement>([
    .id("account_id") { $0.accountID }, .text("month") { $0.month.description },
    Field("mode", .constant("live")) { _ in "live" }, .time("issued_at") { $0.issuedAt },
    .integer("shard") { $0.proof.shard },
    .integer("first_position", "Where the account's events begin.") { $0.firstPosition },
    .integer("last_position", "What it is as of: later events are not in it.") { $0.proof.lastPosition },
    .integer("total", "Of all days.") { $0.total },
    .integer(
      "voided", "Requests that were voided, and so are in no day, but not given back: they stay used of the quota."
    ) { $0.voided },
    .integer("used", "What the quota has used: `total` and `voided`.") { $0.used },
    .list("usage", of: day, "By the requests' own timestamps (UTC), without what was voided.") { $0.days },
    .one(
      "inclusion", CheckpointRoutes.inclusionShape,
      "That the batch which ends at `last_position` is part of the log that a checkpoint was signed for; see "
        + "/.well-known/recount/checkpoints/{shard}/inclusion."
    ) { $0.proof },
  ])

  private static let day = Shape<StatementDay>([
    .id("project_id") { $0.project }, Field("day", .day) { .string($0.day) }, .integer("requests") { $0.requests },
  ])

  static let statementShape = document.extended(
    from: { (signed: SignedStatement) in signed.statement },
    [
      .text(
        "note",
        "A signed note (c2sp.org/signed-note) of two lines: `<name>/statement`, and this document without `note` as one line of JSON."
      ) { "\($0.note)" }
    ])
}

/// A statement, and the note that says who made it.
struct SignedStatement: Sendable {
  let statement: AccountStatement
  let note: SignedNote
}
