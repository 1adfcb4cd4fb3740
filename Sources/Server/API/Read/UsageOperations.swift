import Application
import Domain
import Foundation
import HTTPTypes

/// What can be asked about a month's use of a quota.
extension Operation {
  static let usage = Operation(
    .get, "/api/v1/usage", id: "usage", .numbers, "The account's month against its quotas",
    note: "Live events and test events have a quota each. A key sees nothing of the other mode.",
    right: .memberOrKey(.readNumbers, .read), query: QueryParameters(.month, UsageRoutes.account),
    answer: OperationAnswer(UsageRoutes.usageShape, "The month."))

  static let projectUsage = Operation(
    .get, "/api/v1/projects/{project_id}/usage", id: "projectUsage", .numbers,
    "What a project used in a month, by mode, day and key",
    note: "By the month that the requests were served in, which is what the quota goes by, and by the days of receipt.",
    right: .memberOrKey(.readNumbers, .read), query: QueryParameters(.month),
    answer: OperationAnswer(
      UsageRoutes.projectShape, "`live` and `test` both for a member; a key is shown its own mode alone."))

  static let keyUsage = Operation(
    .get, "/api/v1/projects/{project_id}/keys/{key_id}/usage", id: "keyUsage", .numbers,
    "What a key used in a month, by day", note: "The same of one key, whether it works still or not.",
    right: .memberOrKey(.readNumbers, .read), query: QueryParameters(.month),
    answer: OperationAnswer(UsageRoutes.keyShape, "The key's month."), problems: [.keyNotFound])
}

extension UsageRoutes {
  static let account = Parameter<String?>.text(
    "account_id", "Needed with an access token: one of your accounts. A key's own account by default.", .uuid)

  static let usageShape = Shape(about + month.optional { (usage: UsageOfMonth) in usage.of(.live) })

  private static let about: [Field<UsageOfMonth>] = [
    .id("account_id") { $0.answered.value.accountID }, .text("month") { $0.answered.value.month.description },
    .asOf { $0.answered.asOf },
    .optional(
      "test", month,
      "The same of test events, which have a quota of their own. For a member, and for a test key, which is shown nothing else."
    ) { $0.of(.test) },
  ]

  private static let month = Shape<MonthUsage>([
    .integer("used", usedNote) { $0.used }, .integer("calls", callsNote) { $0.calls },
    .integer("voided", voidedNote) { $0.voided }, .integer("given_back", givenBackNote) { $0.givenBack },
    .integer("quota", "How many the month may have.") { $0.quota },
    .integer("refused", refusedNote) { $0.refused },
    .integer("remaining", "How many more it may have.") { $0.remaining },
    .decimal("used_percent", "Of the quota; null of none.") { Share.percent($0.used, of: $0.quota) },
  ])

  static let projectShape = Shape<UsageOfProject>([
    .id("project_id") { $0.project }, .text("month", monthNote) { $0.month.description },
    .asOf { $0.answered.asOf }, .optional("live", mode) { $0.of(.live) }, .optional("test", mode) { $0.of(.test) },
    .list("keys", of: ofKey, "Those that used something, the hundred that used most first.") { $0.keys },
  ])

  private static let mode = counts.extended(
    from: { (usage: UsageOfMode) in usage.counts }, [.list("days", of: day, daysNote) { $0.days }])

  private static let ofKey = counts.extended(
    from: { (usage: KeyUsage) in usage.counts },
    [
      .id("key_id") { $0.keyID }, .word("mode") { $0.mode }, .optionalText("name") { $0.name },
      .optionalText("hint") { $0.hint },
    ])

  static let keyShape = mode.extended(
    from: { (usage: UsageOfKey) in usage.month },
    [
      .id("project_id") { $0.key.projectID }, .id("key_id") { $0.key.id }, .word("mode") { $0.key.mode },
      .text("month", monthNote) { $0.calendarMonth.description },
      .optionalTime("last_used_at", KeyWords.lastUsed) { $0.key.lastUsedAt }, .asOf { $0.answered.asOf },
    ])

  private static let counts = Shape<UsageCounts>([
    .integer("used", usedNote) { $0.used }, .integer("calls", callsNote) { $0.calls },
    .integer("voided", voidedNote) { $0.voided }, .integer("given_back", givenBackNote) { $0.givenBack },
    .integer("refused", refusedNote) { $0.refused },
  ])

  private static let day = TrafficShapes.intake.extended(
    from: { (day: DayIntake) in day.counts },
    [Field("day", .day) { .string($0.day.dayText) }])

  private static let usedNote =
    "What the month's quota has used: requests by their own timestamps, those left out that were given back. "
    + "used = calls + voided - given_back."
  private static let callsNote = "Requests that count in the numbers: not voided."
  private static let voidedNote =
    "Requests taken out of the numbers since. They stay part of `used`, save those given back."
  private static let givenBackNote =
    "Of `voided`, those that no longer count against the quota: the operator's to give, and all that was voided before owners' voids "
    + "stayed used."
  private static let refusedNote = "Events turned away for the quota, each time they were sent."
  private static let monthNote = "UTC, as 2026-11."
  private static let daysNote =
    "By day of receipt (UTC); days without any are left out. received = accepted + duplicates + refused + invalid."
}

/// An account's month, as far as its reader may see it.
struct UsageOfMonth: Sendable {
  let answered: Answered<AccountUsage>
  let modes: [KeyMode]

  /// Nil of a mode that is not shown.
  func of(_ mode: KeyMode) -> MonthUsage? { modes.contains(mode) ? answered.value[mode] : nil }
}

/// A project's month, as far as its reader may see it: a key sees nothing of the other mode, not even that there is something.
struct UsageOfProject: Sendable {
  let project: UUID
  let month: CalendarMonth
  let answered: Answered<ProjectUsage>
  let modes: [KeyMode]

  var keys: [KeyUsage] { answered.value.keys.filter { modes.contains($0.mode) } }

  /// Nil of a mode that is not shown.
  func of(_ mode: KeyMode) -> UsageOfMode? { modes.contains(mode) ? UsageOfMode(answered.value, mode) : nil }
}

/// A month of a mode.
struct UsageOfMode: Sendable {
  let counts: UsageCounts
  let days: [DayIntake]

  init(_ usage: ProjectUsage, _ mode: KeyMode) {
    counts = usage.counts(of: mode)
    days = usage.days.filter { $0.mode == mode }
  }
}

/// A key's month.
struct UsageOfKey: Sendable {
  let key: ListedKey
  let calendarMonth: CalendarMonth
  let answered: Answered<ProjectUsage>

  var month: UsageOfMode { UsageOfMode(answered.value, key.mode) }
}
