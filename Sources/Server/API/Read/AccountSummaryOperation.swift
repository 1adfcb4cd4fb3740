import Application
import Domain
import Foundation
import HTTPTypes

extension Operation {
  static let accountSummary = Operation(
    .get, "/api/v1/accounts/{account_id}/summary", id: "accountSummary", .numbers,
    "The traffic of all of an account's projects in a span, this month by default",
    note: """
      Numbers of all projects together, and of each by itself, as its own summary has them; all as of the same position. Archived projects \
      are among them where they have calls in the span.
      """, right: .member(.readNumbers), query: QueryParameters(AccountSummaryShapes.mode, .from, .to),
    answer: OperationAnswer(AccountSummaryShapes.summary, "The summary, the project most called first."))
}

/// An answer about all of an account's projects.
struct AccountSummary: Sendable {
  let account: UUID
  let mode: KeyMode
  let range: Range<Instant>
  let answered: Answered<AccountTraffic>
}

/// How an account's traffic is shown.
enum AccountSummaryShapes {
  static let mode = Parameter<KeyMode?>.word("mode", "Which events are asked about; live by default.")

  static let summary = TrafficShapes.numbers.extended(
    from: { (summary: AccountSummary) in summary.answered.value.numbers },
    [
      .id("account_id") { $0.account }, .word("mode") { $0.mode },
      .time("from", "What was asked for, or where the quarter of an hour that it lies in begins.") {
        $0.range.lowerBound
      },
      .time("to", "What was asked for, or where the quarter of an hour that it lies in ends.") { $0.range.upperBound },
      .asOf { $0.answered.asOf },
      .list("projects", of: project, "Their numbers add up to the account's.") { $0.answered.value.projects },
    ])

  private static let project = TrafficShapes.numbers.extended(
    from: { (project: ProjectTraffic) in project.numbers },
    [
      .id("project_id") { $0.id }, .optionalText("name", "null while it is not known here yet.") { $0.name },
      .boolean("archived") { $0.isArchived },
      .time("from", "As the account's; where the project's detail is no longer kept, the day (UTC).") {
        $0.range.inEra.lowerBound
      },
      .time("to", "As the account's; where the project's detail is no longer kept, the day (UTC).") {
        $0.range.inEra.upperBound
      },
      .optionalTime("detail_from", "Where the project's detail begins; null while nothing has been forgotten.") {
        $0.detailFrom
      },
    ])
}
