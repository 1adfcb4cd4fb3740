package import Domain
package import Foundation
import Postgres

/// A span of the traffic of all of an account's projects.
package struct AccountTraffic: Sendable, Equatable {
  /// Of all projects together: the sum of theirs.
  package let numbers: TrafficNumbers
  /// Most calls first. Those archived that had none are left out.
  package let projects: [ProjectTraffic]
}

/// A span of one of an account's projects.
package struct ProjectTraffic: Sendable, Equatable {
  /// The project.
  package let id: UUID
  /// What its owners call it; nil where the directory has not come to it yet.
  package let name: String?
  /// Whether it tracks no more.
  package let isArchived: Bool
  /// What was counted: the span asked about, to the quarters of an hour that it touches, or to the days (UTC) where detail is no longer kept.
  package let range: Range<Instant>
  /// Where its detail begins; nil while all of it is kept.
  package let detailFrom: Instant?
  /// Of it alone.
  package let numbers: TrafficNumbers
}

extension Questions {
  /// A span of all of an account's projects, by the requests' own timestamps, each exactly as ``trafficSummary(_:)`` has it: in one
  /// statement, so all are as of the same position. Throws ``ReadModelMissing``.
  package func accountTraffic(
    of account: UUID, mode: KeyMode, range: Range<Instant>
  ) async throws -> Answered<AccountTraffic> {
    let shard = self.shard(of: account)
    let span = AccountSpan(account: account, mode: mode, range: range)
    let found = try await answer(AccountDaysQuestion(shard: shard, span: span), shard: shard)
    return Answered(span.traffic(found.value), found.asOf, range: span.widened(detailFrom: nil))
  }
}

/// Whose traffic, of which mode, and of when.
struct AccountSpan: Sendable {
  let account: UUID
  let mode: KeyMode
  let range: Range<Instant>

  /// As a project's span is.
  func widened(detailFrom: Instant?) -> Range<Instant> {
    TrafficSpan(project: account, of: account, mode: mode, range: range).widened(detailFrom: detailFrom).range
  }

  fileprivate func traffic(_ rows: [AccountDaysQuestion.Found]) -> AccountTraffic {
    var total = TrafficCell()
    var projects: [ProjectTraffic] = []
    for rows in Dictionary(grouping: rows, by: \.project).values {
      guard let project = traffic(ofOne: rows) else { continue }
      total.add(project.numbers.cell)
      projects.append(project)
    }
    projects.sort { one, other in
      let (calls, others) = (one.numbers.calls, other.numbers.calls)
      return calls == others ? one.id.text < other.id.text : calls > others
    }
    return AccountTraffic(numbers: TrafficNumbers(total), projects: projects)
  }

  /// Nil of an archived one that has nothing in the span.
  private func traffic(ofOne rows: [AccountDaysQuestion.Found]) -> ProjectTraffic? {
    guard let project = rows.first else { return nil }
    let days = Dictionary(rows.compactMap(\.day).map { ($0.at, $0) }, uniquingKeysWith: { first, _ in first })
    let range = widened(detailFrom: project.detailFrom)
    let total = days.total(of: range)
    guard !project.isArchived || total.calls > 0 else { return nil }
    return ProjectTraffic(
      id: project.project, name: project.name, isArchived: project.isArchived, range: range,
      detailFrom: project.detailFrom, numbers: TrafficNumbers(total))
  }
}

struct AccountDaysQuestion: Question {
  let shard: Int
  let span: AccountSpan

  struct Found: Sendable {
    let project: UUID
    let name: String?
    let isArchived: Bool
    let detailFrom: Instant?
    /// Nil in the one row of a project without requests.
    let day: TrafficDay?
  }

  static let file = QueryFile("traffic", "account_days")
  static let sample = Self(shard: 0, span: AccountSpan(account: .sample, mode: .live, range: .sample))
  var parameters: [any PostgresEncodable] {
    let widened = span.widened(detailFrom: nil)
    return [
      Int32(shard), span.account, span.mode.rawValue, widened.lowerBound.toDay, widened.upperBound,
      SpanDays(widened).parts.map(\.day),
    ]
  }

  static func answer(_ row: AnswerRow) throws -> Found {
    let at = try row.value("at", as: Instant?.self)
    let total = try row.value("total", as: TrafficCell?.self)
    let quarters = try row.value("cells", as: CellSeries?.self)
    let day = at.flatMap { at in total.map { TrafficDay(at: at, total: $0, quarters: quarters) } }
    return Found(
      project: try row.value("project_id"), name: try row.value("name"), isArchived: try row.value("is_archived"),
      detailFrom: try row.value("detail_from"), day: day)
  }
}
