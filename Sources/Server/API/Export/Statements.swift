import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres

/// Makes monthly statements.
///
/// 1. The days, and what was voided of them and stays used, are read from the read model traffic, with the position that they are as of.
/// 2. The batch that ends at that position is proven to be part of a checkpoint: the latest, or one made now.
/// 3. Days, position and proof are signed as one.
struct Statements: Sendable {
  private let log: Log
  private let keys: SigningKeys
  private let models: ReadModels
  private let query, voidedQuery: String

  init(log: Log, keys: SigningKeys, queries: QueryCatalog) throws {
    self.log = log
    self.keys = keys
    models = ReadModels(pool: log.pool)
    query = try queries.text("traffic", "days_of_account")
    voidedQuery = try queries.text("traffic", "voided_of_account")
  }

  /// The signed document. Throws a problem while the read model is not where a statement can be made.
  func make(of account: UUID, month: CalendarMonth, now: Int64) async throws -> [String: JSONValue] {
    let shard = log.shards.shard(of: account)
    let (rows, voided, position) = try await days(of: account, month, shard: shard)
    guard let first = try rows.first?.decode("first_position", as: Int64?.self), first <= position,
      try rows.first?.decode("unsettled") == false
    else {
      throw Problem(
        .projectionStopped, "the read model traffic is behind what the statement needs: try again shortly",
        headers: [.retryAfter: "1"])
    }
    let statement = Statement(
      accountID: account, month: month.description, issuedAt: Date(timeIntervalSince1970: Double(now / 1000)),
      firstPosition: first, usage: try rows.compactMap(Self.day), voided: voided,
      proof: try await proof(of: position, shard: shard, now: now))
    return try statement.signed(by: keys)
  }

  private func days(
    of account: UUID, _ month: CalendarMonth, shard: Int
  ) async throws -> (days: Rows, voided: Int64, position: Int64) {
    let (query, voidedQuery) = (query, voidedQuery)
    let (rows, asOf) = try await models.answer(of: "traffic", shard: shard) { asOf in
      [
        Query(query, [Int32(shard), account, month.start, month.end, asOf.position]),
        Query(voidedQuery, [Int32(shard), account, month.description, asOf.position]),
      ]
    }
    return (rows[0], try rows[1].first?.decode("voided") ?? 0, asOf.position)
  }

  /// A month without requests is one row, of the account alone.
  private static func day(_ row: Row) throws -> Statement.Day? {
    guard let project = try row.decode("project_id", as: UUID?.self) else { return nil }
    return Statement.Day(project: project, day: try row.decode("day"), requests: try row.decode("calls"))
  }

  private func proof(of position: Int64, shard: Int, now: Int64) async throws -> InclusionProof {
    let proofs = Proofs(pool: log.pool, shard: shard)
    do {
      return try await proofs.inclusion(of: .holding(position))
    } catch is ProofError {
      // Recorded since the last checkpoint.
      try await Checkpoints(pool: log.pool, keys: keys).make(of: [shard], now: now)
      return try await proofs.inclusion(of: .holding(position))
    }
  }
}
