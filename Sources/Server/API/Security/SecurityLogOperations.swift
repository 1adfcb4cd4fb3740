import Application
import Domain
import Foundation
import HTTPTypes

/// Who did what, when and from where.
extension Operation {
  static let accountSecurityLog = Operation(
    .get, "/api/v1/accounts/{account_id}/security-log", id: "accountSecurityLog", .accounts,
    "Who did what to the account, when and from where",
    note:
      "For owners and admins. What was done to the account, and what its members did as themselves (logging in, changing a "
      + "password) while they were members.",
    right: .member(.readAuditLog),
    query: QueryParameters(SecurityLogRoutes.kind, SecurityLogRoutes.limit, SecurityLogRoutes.place),
    answer: OperationAnswer(.ok, SecurityLogRoutes.ofAccount, "A page of it, newest first."))

  static let mySecurityLog = Operation(
    .get, "/api/v1/me/security-log", id: "mySecurityLog", .people, "What I did, and what was tried in my name",
    note: "Log-ins and failed attempts, passwords and addresses changed, sessions ended.", right: .person,
    query: QueryParameters(SecurityLogRoutes.kind, SecurityLogRoutes.limit, SecurityLogRoutes.place),
    answer: OperationAnswer(.ok, SecurityLogRoutes.ofPerson, "A page of it, newest first."))
}

extension SecurityLogRoutes {
  private static let kindName = "SecurityKind"
  private static let kinds = Schema.words(SecurityEntry.kinds).described(
    "The type of the event that the entry stands for.")

  static let kind = Parameter<String?>("kind", .component(kindName), note: "Entries of this kind only.") {
    try $0.choice("kind", of: SecurityEntry.kinds)
  }
  static let limit = Parameter<Int>.limit(upTo: 500)
  static let place = Parameter<SecurityPlace?>.cursor {
    try $0.cursor(Instant.self, Int32.self, Int64.self).map { SecurityPlace(time: $0, shard: $1, position: $2) }
  }

  static let entry = Shape<ShownSecurityEntry>(
    "SecurityEntry",
    [
      .time("time", "When it was recorded.") { $0.entry.time },
      Field("kind", .component(kindName), components: [kindName: kinds]) { .string($0.entry.kind) },
      .optionalID("user_id", "The person it concerns; null when it concerns the account as a whole.") {
        $0.entry.userID
      },
      .optionalID("actor_id", "Who did it; null for the operator and the schedule.") { $0.entry.actorID },
      .optionalText(
        "address", "The network address it came from; null when there is none, or once the actor has been erased."
      ) { $0.entry.client?.address },
      .optionalText("user_agent", "The program it came from; null like `address`.") { $0.entry.client?.userAgent },
      Field(
        "details", Schema(["type": "object"]),
        note: "What else is known of it, such as `key_id`, `role` or `reason`. Times are RFC 3339."
      ) { $0.details },
    ])

  private static let page = Shape<Answered<Page<ShownSecurityEntry, SecurityPlace>>>.page("entries", of: entry) {
    Cursor($0.time, $0.shard, $0.position)
  }

  static let ofAccount = page.extended(from: { (log: SecurityLogPage) in log.page }, [.id("account_id") { $0.subject }])
  static let ofPerson = page.extended(from: { (log: SecurityLogPage) in log.page }, [.id("user_id") { $0.subject }])
}

/// A page of the security audit log of an account or a person.
struct SecurityLogPage: Sendable {
  let subject: UUID
  let page: Answered<Page<ShownSecurityEntry, SecurityPlace>>
}

/// An entry with its details read.
struct ShownSecurityEntry: Sendable {
  let entry: SecurityEntry
  let details: JSONValue

  init(_ entry: SecurityEntry) throws {
    self.entry = entry
    details = try JSONValue(parsing: Data(entry.details.utf8))
  }
}
