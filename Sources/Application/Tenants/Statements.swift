package import Domain
package import EventLog
package import Foundation

/// An account's month as of a position of the log: what it used, and the proof that the batch which ends there is part of the log
/// that a checkpoint was signed for.
package struct AccountStatement: Sendable {
  /// The account.
  package let accountID: UUID
  /// The month (UTC), by the requests' own timestamps.
  package let month: CalendarMonth
  /// When it was made, to the second.
  package let issuedAt: Instant
  /// Where the account's events begin in its shard's log; an account that was opened after the position has used nothing by then.
  package let firstPosition: Int64
  /// Days with live requests, by project.
  package let days: [StatementDay]
  /// Live requests that were voided and stay used of the quota: in none of the days.
  package let voided: Int64
  /// Of the batch that ends at the position.
  package let proof: InclusionProof

  /// Of all days.
  package var total: Int64 { days.reduce(0) { $0.addingSaturating($1.requests) } }
  /// Of the quota.
  package var used: Int64 { total.addingSaturating(voided) }
}

/// Makes monthly statements.
///
/// 1. The days, and what was voided of them and stays used, are read from the read model traffic, with the position that they are as of.
/// 2. The batch that ends at that position is proven to be part of a checkpoint: the latest, or one made now.
/// 3. Days, position and proof are signed as one. Verifiable without us: tools/verify_log.py --statement.
package struct Statements: Sendable {
  private let log: Log
  private let keys: SigningKeys
  private let questions: Questions
  private let patience: Duration

  /// Over an open log, whose checkpoints these keys sign.
  ///
  /// - Parameter patience: how long a statement waits for the first event of a log that has just begun to be read; a projector that
  ///   is awake takes some milliseconds.
  package init(log: Log, keys: SigningKeys, questions: Questions, patience: Duration = .seconds(2)) {
    self.log = log
    self.keys = keys
    self.questions = questions
    self.patience = patience
  }

  /// An account's statement of a month, at a time. Throws ``ReadModelMissing`` while the read model is
  /// built for the first time.
  package func make(of account: UUID, month: CalendarMonth, now: Instant) async throws -> AccountStatement {
    let found = try await days(of: account, in: month)
    return AccountStatement(
      accountID: account, month: month, issuedAt: now.toSecond,
      firstPosition: found.value.firstPosition, days: found.value.days, voided: found.value.voided,
      proof: try await proof(of: found.asOf.position, shard: log.shards.shard(of: account), now: now))
  }

  /// Of a log that nothing has been read of, nothing is proven: waits a moment for what is read of one that has just begun.
  private func days(of account: UUID, in month: CalendarMonth) async throws -> Answered<StatementDays> {
    let deadline = ContinuousClock.now + patience
    while true {
      let found = try await questions.statementDays(of: account, in: month)
      if found.asOf.position > 0 { return found }
      guard ContinuousClock.now < deadline else { throw ReadModelMissing(projection: "traffic") }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// Signs a statement's document, one line of JSON: a signed note (c2sp.org/signed-note) of two lines, `<key's name>/statement` and
  /// the document, so that what is shown can be held against what was signed.
  package func sign(_ document: String) throws -> SignedNote {
    try keys.sign("\(keys.verifier.name)/statement\n\(document)\n")
  }

  private func proof(of position: Int64, shard: Int, now: Instant) async throws -> InclusionProof {
    let proofs = log.proofs(of: shard)
    do {
      return try await proofs.inclusion(of: .holding(position))
    } catch is ProofError {
      // Recorded since the last checkpoint.
      try await Checkpoints(pool: log.pool, keys: keys).make(of: [shard], now: now)
      return try await proofs.inclusion(of: .holding(position))
    }
  }
}
