import Domain
import EventLog
import Foundation
import Postgres

/// Whose month is explained.
struct UsageSubject: Sendable {
  let shard: Int
  let account: UUID
  /// Nil: all of the account's.
  let project: UUID?
  let month: CalendarMonth
  let mode: KeyMode

  static let sample = UsageSubject(
    shard: 0, account: .sample, project: nil, month: CalendarMonth(of: .epoch), mode: .live)

  var parameters: [any PostgresEncodable] { [Int32(shard), account, project, month.description, mode.rawValue] }
}

/// A page of what a month is made of, without what a moment splits in two.
struct UsagePiecesQuestion: Question {
  let subject: UsageSubject
  /// Where the log stood at the moment; nil where none is asked about.
  let known: Int64?
  let place: UsagePlace
  let rows: Int

  enum Entry: Sendable {
    case piece(ExplainedPiece)
    case void(ExplainedVoid)
  }

  struct Row: Sendable {
    let day: Instant
    let project: UUID
    let key: UUID
    let voidPosition: Int64
    let events, firstPosition, lastPosition: Int64
    let voidID: UUID?
    let reason: String?
    let givesBackQuota: Bool?
    let recordedAt: Instant?

    var place: UsagePlace {
      UsagePlace(day: day, project: project, key: key, void: voidPosition, walked: 0, then: 0)
    }

    /// As told apart by where the log stood at a moment.
    func entry(known: Int64?) -> Entry {
      let isLate = known.map { firstPosition > $0 }
      guard let voidID, let reason, let givesBackQuota, let recordedAt else {
        return .piece(
          ExplainedPiece(
            day: day.dayText, isLate: isLate, projectID: project, keyID: key, events: events,
            firstPosition: firstPosition, lastPosition: lastPosition))
      }
      return .void(
        ExplainedVoid(
          id: voidID, projectID: project, keyID: key, events: -events, reason: reason, givesBackQuota: givesBackQuota,
          position: voidPosition, recordedAt: recordedAt, isLate: isLate))
    }
  }

  static let file = QueryFile("usage", "pieces")
  static let sample = UsagePiecesQuestion(subject: .sample, known: nil, place: .start, rows: 1)
  var parameters: [any PostgresEncodable] {
    subject.parameters + [known, place.day, place.project, place.key, place.void, Int32(rows)]
  }

  static func answer(_ row: AnswerRow) throws -> Row {
    Row(
      day: try row.value("recorded_on"), project: try row.value("project_id"), key: try row.value("key_id"),
      voidPosition: try row.value("void_position"), events: try row.value("events"),
      firstPosition: try row.value("first_position"), lastPosition: try row.value("last_position"),
      voidID: try row.value("void_id"), reason: try row.value("reason"),
      givesBackQuota: try row.value("gives_back_quota"), recordedAt: try row.value("recorded_at"))
  }
}

/// What a month comes to, and came to as of a position, without what that splits in two.
struct UsageTotalsQuestion: Question {
  let subject: UsageSubject
  let known: Int64?

  static let file = QueryFile("usage", "pieces_total")
  static let sample = UsageTotalsQuestion(subject: .sample, known: nil)
  var parameters: [any PostgresEncodable] { subject.parameters + [known] }

  static func answer(_ row: AnswerRow) throws -> (now: UsageTotals, then: UsageTotals) {
    (
      UsageTotals(
        tracked: try row.value("tracked"), voided: try row.value("voided"), givenBack: try row.value("given_back")),
      UsageTotals(
        tracked: try row.value("tracked_then"), voided: try row.value("voided_then"),
        givenBack: try row.value("given_back_then"))
    )
  }
}

/// What a moment splits in two.
struct SplitPiecesQuestion: Question {
  let subject: UsageSubject
  let known: Int64

  struct Split: Sendable {
    /// Of recording.
    let day: Instant
    let project, key: UUID
    let firstPosition, lastPosition: Int64
  }

  static let file = QueryFile("usage", "pieces_split")
  static let sample = SplitPiecesQuestion(subject: .sample, known: 0)
  var parameters: [any PostgresEncodable] { subject.parameters + [known] }

  static func answer(_ row: AnswerRow) throws -> Split {
    Split(
      day: try row.value("recorded_on"), project: try row.value("project_id"), key: try row.value("key_id"),
      firstPosition: try row.value("first_position"), lastPosition: try row.value("last_position"))
  }
}
