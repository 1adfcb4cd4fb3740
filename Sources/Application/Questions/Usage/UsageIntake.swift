package import Domain
package import Foundation
import Postgres

/// What became of what was sent. received = accepted + duplicates + refused + invalid; beside it, calls turned away unread.
package struct IntakeCounts: Sendable, Equatable {
  /// Everything.
  package let received: Int64
  /// Recorded.
  package let accepted: Int64
  /// Recorded before.
  package let duplicates: Int64
  /// Turned away because the quota was used up.
  package let refused: Int64
  /// No events, or none that could be taken: ``invalidReasons`` says why.
  package let invalid: Int64
  let malformed, outsideWindow, idConflicts: Int64
  /// Calls that came too fast.
  package let throttled: Int64
}

/// An hour of receipt.
package struct HourIntake: Sendable, Equatable {
  /// Its beginning.
  package let hour: Instant
  /// What became of what came in it.
  package let counts: IntakeCounts
}

/// A day of receipt (UTC).
package struct DayIntake: Sendable, Equatable {
  /// Its beginning.
  package let day: Instant
  /// Live or test.
  package let mode: KeyMode
  /// What became of what came on it.
  package let counts: IntakeCounts
}

extension Questions {
  /// What became of everything a project's keys of a mode sent, by hour of receipt; hours without any are left out.
  package func intakeByHour(
    ofProject project: UUID, in account: UUID, mode: KeyMode, range: Range<Instant>
  ) async throws -> Answered<[HourIntake]> {
    let shard = self.shard(of: account)
    let question = IntakeHoursQuestion(shard: shard, project: project, mode: mode, range: range)
    return try await detail(question, of: project, shard: shard, retention: RetentionOfUsageQuestion.self)
  }

  /// The same by day of receipt (UTC), which is kept for ever.
  package func intakeByDay(
    ofProject project: UUID, in account: UUID, mode: KeyMode, range: Range<Instant>
  ) async throws -> Answered<[DayIntake]> {
    let shard = self.shard(of: account)
    let question = IntakeDaysQuestion(shard: shard, project: project, key: nil, range: range)
    let days = try await detail(question, of: project, shard: shard, retention: RetentionOfUsageQuestion.self)
    return Answered(days.value.filter { $0.mode == mode }, days.asOf, detailFrom: days.detailFrom)
  }

  /// The oldest hour of receipt that is kept of some projects of a shard; none of those that have none.
  func oldestHours(of projects: [UUID], on shard: Int) async throws -> [OldestDetail] {
    try await ask(OldestHoursQuestion(shard: shard, projects: projects))
  }
}

struct IntakeHoursQuestion: Question {
  let shard: Int
  let project: UUID
  let mode: KeyMode
  let range: Range<Instant>

  static let file = QueryFile("usage", "intake")
  static let sample = IntakeHoursQuestion(shard: 0, project: .sample, mode: .live, range: .sample)
  var parameters: [any PostgresEncodable] {
    [Int32(shard), project, mode.rawValue, range.lowerBound, range.upperBound]
  }

  static func answer(_ row: AnswerRow) throws -> HourIntake {
    HourIntake(hour: try row.value("hour"), counts: try IntakeCounts(row))
  }
}

struct IntakeDaysQuestion: Question {
  let shard: Int
  let project: UUID
  let key: UUID?
  let range: Range<Instant>

  static let file = QueryFile("usage", "days")
  static let sample = IntakeDaysQuestion(shard: 0, project: .sample, key: nil, range: .sample)
  var parameters: [any PostgresEncodable] { [Int32(shard), project, key, range.lowerBound, range.upperBound] }

  static func answer(_ row: AnswerRow) throws -> DayIntake {
    DayIntake(day: try row.value("day"), mode: try row.word("mode"), counts: try IntakeCounts(row))
  }
}

extension IntakeCounts {
  init(_ row: AnswerRow) throws {
    received = try row.value("received")
    accepted = try row.value("accepted")
    duplicates = try row.value("duplicates")
    refused = try row.value("refused")
    invalid = try row.value("invalid")
    malformed = try row.value("malformed")
    outsideWindow = try row.value("outside_window")
    idConflicts = try row.value("id_conflicts")
    throttled = try row.value("throttled")
  }
}

struct OldestHoursQuestion: Question {
  let shard: Int
  let projects: [UUID]

  static let file = QueryFile("usage", "oldest_hour")
  static let sample = OldestHoursQuestion(shard: 0, projects: [])
  var parameters: [any PostgresEncodable] { [Int32(shard), projects] }
  static func answer(_ row: AnswerRow) throws -> OldestDetail { try OldestDetail(row) }
}

extension Range<Instant> {
  static var sample: Range<Instant> { .sample ..< .sample }
}
