import Application
import Domain
import EventLog
import Foundation

/// A signed statement, to look at.
struct StatementView: Sendable {
  let account: AccountView
  let name, month, download, back: String
  let total, voided, used: String
  let issuedAt, lastPosition, shard, batch, note: String
  let days: [Day]
  let hasDays: Bool
  let commands: StatementCommands

  struct Day: Sendable {
    let day, project, requests: String
  }

  init(_ tenant: Tenant, _ signed: SignedStatement, _ projects: [UsageOfOneProject], address: String) {
    let statement = signed.statement
    account = AccountView(tenant, at: .billing)
    (name, month) = (statement.month.name, statement.month.description)
    let place = Place.billing.appending(month)
    let id = tenant.account.id.text
    back = place.with([("account", id)]).path
    download = place.appending("statement").with([("account", id), ("download", "yes")]).path
    (total, voided, used) = (Text.number(statement.total), Text.number(statement.voided), Text.number(statement.used))
    issuedAt = LocalCalendar.utc.text(of: statement.issuedAt, .second)
    lastPosition = Text.number(statement.proof.lastPosition)
    (shard, batch) = (String(statement.proof.shard), Text.number(statement.proof.batch))
    note = "\(signed.note)"
    let names = Dictionary(projects.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    days = statement.days.map { day in
      Day(
        day: day.day, project: (names[day.project] ?? nil)?.shown ?? day.project.text,
        requests: Text.number(day.requests))
    }
    hasDays = !days.isEmpty
    commands = StatementCommands(account: tenant.account.id, month: statement.month, address: address)
  }
}

/// How a statement is checked without us.
struct StatementCommands: Sendable {
  let key, alone, fetch, whole: String

  init(account: UUID, month: CalendarMonth, address: String) {
    let file = "recount-\(account.text)-\(month).json"
    key = "curl \(address)/.well-known/recount/key >key.txt"
    alone = "python3 tools/verify_log.py --statement \(file) --key key.txt"
    fetch =
      "curl -H \"Authorization: Bearer $ACCESS\" \(address)/api/v1/accounts/\(account.text)/export >export.jsonl"
    whole = "python3 tools/verify_log.py --statement \(file) export.jsonl --key key.txt"
  }
}
