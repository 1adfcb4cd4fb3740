package import Domain
package import Foundation
import Postgres

extension Questions {
  /// Several months of an account, the latest first; those that the read model knows nothing of, because the account was opened a moment
  /// ago, are left out. Throws ``ReadModelMissing``.
  package func usage(of account: UUID, months: [CalendarMonth]) async throws -> Answered<[AccountUsage]> {
    let shard = self.shard(of: account)
    let shown = try await answer(UsageMonthsQuestion(shard: shard, account: account, months: months), shard: shard)
    return shown.map { rows in
      let modes = Dictionary(grouping: rows, by: \.month)
      return months.sorted { $0.start > $1.start }.compactMap { month in
        guard let rows = modes[month.description], let live = rows.first(where: { $0.mode == .live }),
          let test = rows.first(where: { $0.mode == .test })
        else { return nil }
        return AccountUsage(accountID: account, month: month, live: live.usage, test: test.usage)
      }
    }
  }
}

struct UsageMonthsQuestion: Question {
  let shard: Int
  let account: UUID
  let months: [CalendarMonth]

  struct Row: Sendable {
    let month: String
    let mode: KeyMode
    let usage: MonthUsage
  }

  static let file = QueryFile("usage", "months")
  static let sample = UsageMonthsQuestion(shard: 0, account: .sample, months: [])
  var parameters: [any PostgresEncodable] { [Int32(shard), account, months.map(\.description)] }

  static func answer(_ row: AnswerRow) throws -> Row {
    Row(month: try row.value("month"), mode: try row.word("mode"), usage: try MonthUsage(row))
  }
}
