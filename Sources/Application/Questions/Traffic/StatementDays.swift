import Domain
package import Foundation
import Postgres

/// Live requests of a project on a day (UTC), by their own timestamps.
package struct StatementDay: Sendable, Equatable {
  /// The project.
  package let project: UUID
  /// As in `2026-11-24`.
  package let day: String
  /// How many count.
  package let requests: Int64
}

/// What an account's statement of a month says of its requests.
struct StatementDays: Sendable {
  /// Where the account's events begin in its shard's log.
  let firstPosition: Int64
  /// Days with requests, by project.
  let days: [StatementDay]
  /// Live requests that were voided and stay used of the quota: in none of the days.
  let voided: Int64
}

extension Questions {
  /// An account's live requests of a month by project and day, as of the position that the read model is at. Throws
  /// ``ReadModelMissing`` while that is built for the first time.
  func statementDays(of account: UUID, in month: CalendarMonth) async throws -> Answered<StatementDays> {
    let shard = self.shard(of: account)
    let found = try await snapshot(of: "traffic", shard: shard) { snapshot in
      let position = snapshot.asOf.position
      let rows = try await snapshot.ask(
        DaysOfAccountQuestion(shard: shard, account: account, range: month.span, position: position))
      let voided = try await snapshot.ask(
        VoidedOfAccountQuestion(shard: shard, account: account, month: month, position: position))
      return (rows: rows, voided: voided.first ?? 0)
    }
    guard let first = found.value.rows.first, let position = first.firstPosition, !first.isUnsettled else {
      throw ReadModelMissing(projection: "traffic")
    }
    let days = StatementDays(
      firstPosition: position, days: found.value.rows.compactMap(\.day), voided: found.value.voided)
    return Answered(days, found.asOf)
  }
}

struct DaysOfAccountQuestion: Question {
  let shard: Int
  let account: UUID
  let range: Range<Instant>
  let position: Int64

  struct Found: Sendable {
    /// Nil for an account that isn't there.
    let firstPosition: Int64?
    /// The days are ahead of their position.
    let isUnsettled: Bool
    /// Nil in the one row of a month without requests.
    let day: StatementDay?
  }

  static let file = QueryFile("traffic", "days_of_account")
  static let sample = DaysOfAccountQuestion(shard: 0, account: .sample, range: .sample, position: 0)
  var parameters: [any PostgresEncodable] {
    [Int32(shard), account, range.lowerBound, range.upperBound, position]
  }

  static func answer(_ row: AnswerRow) throws -> Found {
    Found(
      firstPosition: try row.value("first_position"), isUnsettled: try row.value("unsettled"),
      day: try row.value("project_id", as: UUID?.self).map { project in
        StatementDay(
          project: project, day: try row.value("day"), requests: try row.value("total", as: TrafficCell.self).calls)
      })
  }
}

struct VoidedOfAccountQuestion: Question {
  let shard: Int
  let account: UUID
  let month: CalendarMonth
  let position: Int64

  static let file = QueryFile("traffic", "voided_of_account")
  static let sample = VoidedOfAccountQuestion(
    shard: 0, account: .sample, month: CalendarMonth(of: .epoch), position: 0)
  var parameters: [any PostgresEncodable] { [Int32(shard), account, month.description, position] }

  static func answer(_ row: AnswerRow) throws -> Int64 { try row.value("voided") }
}
