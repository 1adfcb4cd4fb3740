package import Domain
package import Foundation
import Postgres

/// What a month's requests did to a quota. used = calls + voided - givenBack.
package struct UsageCounts: Sendable, Equatable {
  /// Of the quota.
  package let used: Int64
  /// Shown in numbers.
  package let calls: Int64
  /// Taken out of the numbers.
  package let voided: Int64
  /// Of the voided, those that the quota got back.
  package let givenBack: Int64
  /// Turned away because the quota was used up.
  package let refused: Int64

  /// Of what was not used.
  package static let none = UsageCounts(used: 0, calls: 0, voided: 0, givenBack: 0, refused: 0)

  init(used: Int64, calls: Int64, voided: Int64, givenBack: Int64, refused: Int64) {
    self.used = used
    self.calls = calls
    self.voided = voided
    self.givenBack = givenBack
    self.refused = refused
  }
}

/// What a key used in a month.
package struct KeyUsage: Sendable, Equatable {
  /// The key.
  package let keyID: UUID
  /// Live or test.
  package let mode: KeyMode
  /// What its owners call it; nil where the directory has not come to it.
  package let name: String?
  /// Its first and last characters; nil where the directory has not come to it.
  package let hint: String?
  /// Its own.
  package let counts: UsageCounts
}

/// A month of a project, or of one of its keys.
package struct ProjectUsage: Sendable, Equatable {
  /// Of all keys asked for, by mode; a mode without any is missing.
  package let totals: [KeyMode: UsageCounts]
  /// Those that used most first, at most 100.
  package let keys: [KeyUsage]
  /// What was received of them by day, live and test apart, days without any left out.
  package let days: [DayIntake]

  /// Of all keys asked for.
  package func counts(of mode: KeyMode) -> UsageCounts { totals[mode] ?? .none }
}

extension Questions {
  /// A month of a project of an account, or of one of its keys.
  package func usage(
    ofProject project: UUID, in account: UUID, key: UUID? = nil, month: CalendarMonth
  ) async throws -> Answered<ProjectUsage> {
    let shard = self.shard(of: account)
    return try await snapshot(of: "usage", shard: shard) { snapshot in
      let keys = try await snapshot.ask(UsageOfKeysQuestion(shard: shard, project: project, month: month, key: key))
      let days = try await snapshot.ask(
        IntakeDaysQuestion(shard: shard, project: project, key: key, range: month.span))
      return ProjectUsage(
        totals: Dictionary(keys.map { ($0.usage.mode, $0.ofMode) }, uniquingKeysWith: { first, _ in first }),
        keys: keys.map(\.usage), days: days)
    }
  }
}

struct UsageOfKeysQuestion: Question {
  let shard: Int
  let project: UUID
  let month: CalendarMonth
  let key: UUID?

  static let file = QueryFile("usage", "key_months")
  static let sample = UsageOfKeysQuestion(
    shard: 0, project: .sample, month: CalendarMonth(of: .epoch), key: nil)
  var parameters: [any PostgresEncodable] { [Int32(shard), project, month.description, key] }

  static func answer(_ row: AnswerRow) throws -> (usage: KeyUsage, ofMode: UsageCounts) {
    let usage = KeyUsage(
      keyID: try row.value("key_id"), mode: try row.word("mode"), name: try row.value("name"),
      hint: try row.value("hint"), counts: try UsageCounts(row))
    return (usage, try UsageCounts(row, suffix: "_in_mode"))
  }
}

extension UsageCounts {
  init(_ row: AnswerRow, suffix: String = "") throws {
    self.init(
      used: try row.value("used\(suffix)"), calls: try row.value("calls\(suffix)"),
      voided: try row.value("voided\(suffix)"), givenBack: try row.value("given_back\(suffix)"),
      refused: try row.value("refused\(suffix)"))
  }
}
