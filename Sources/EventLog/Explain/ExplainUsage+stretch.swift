package import Domain
package import Foundation

extension ExplainUsage {
  /// What a stretch of a shard adds to an account's usage of a month: after a position, up to another, which is some batch's last, or as far as
  /// `goesOn` lets it, which hears of the events walked. ``UsageExplanation/walked`` is the position come to. Throws ``ArchiveError`` or `PostgresError`.
  package func stretch(
    of account: UUID, shard: Int, mode: KeyMode, month: String, after: Int64, upto: Int64, shownAt: Instant,
    stepping: Int64, while goesOn: (Int64) -> Bool
  ) async throws -> UsageExplanation {
    var explanation = UsageExplanation()
    explanation.walked = after
    while explanation.walked < upto, explanation.walked == after || goesOn(explanation.walked - after) {
      let next = try await step(
        account, shard, mode, month, after: explanation.walked, upto: upto, shownAt, most: stepping)
      guard let (end, rows) = next else { break }
      for row in rows { explanation.add(try UsageExplanation.Piece(row)) }
      explanation.walked = end.position
    }
    return explanation
  }
}
