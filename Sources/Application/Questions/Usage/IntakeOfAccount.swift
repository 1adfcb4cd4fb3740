package import Domain
package import Foundation
import Postgres

extension Questions {
  /// What became of everything that an account's projects sent in a mode, over days of receipt (UTC), those that the span only touches taken
  /// whole. Throws ``ReadModelMissing``.
  package func intake(
    ofAccount account: UUID, mode: KeyMode, range: Range<Instant>
  ) async throws -> Answered<IntakeCounts> {
    let shard = self.shard(of: account)
    let question = IntakeOfAccountQuestion(shard: shard, account: account, mode: mode, range: range)
    return try await answer(question, shard: shard).map { $0.first ?? .none }
  }
}

extension IntakeCounts {
  /// Of nothing.
  static let none = IntakeCounts(
    received: 0, accepted: 0, duplicates: 0, refused: 0, invalid: 0, malformed: 0, outsideWindow: 0, idConflicts: 0,
    throttled: 0)
}

struct IntakeOfAccountQuestion: Question {
  let shard: Int
  let account: UUID
  let mode: KeyMode
  let range: Range<Instant>

  static let file = QueryFile("usage", "account_intake")
  static let sample = IntakeOfAccountQuestion(shard: 0, account: .sample, mode: .live, range: .sample)
  var parameters: [any PostgresEncodable] {
    [Int32(shard), account, mode.rawValue, range.lowerBound, range.upperBound]
  }

  static func answer(_ row: AnswerRow) throws -> IntakeCounts { try IntakeCounts(row) }
}
