public import EventLog
import Foundation
import Postgres

/// Forgets the addresses of people who were invited and never came: once an invitation can't be accepted any more, the key that its
/// address is sealed with is destroyed.
public struct InvitationsJob: ScheduledJob {
  private let log: Log
  private let query: String

  /// `invitations`
  public let name = "invitations"
  /// Nobody waits for it.
  public let interval: Int64 = 86_400_000
  /// Which invitations are over.
  public let readModels = ["directory"]
  /// At a time, so that memory stays bounded.
  private static let step: Int32 = 500

  /// For a log, with the queries of its read models.
  public init(log: Log, queries: QueryCatalog) throws {
    self.log = log
    query = try queries.text("directory", "invitations_over")
  }

  /// Done any number of times: what has been forgotten is not found again.
  public func run(now: Int64) async throws {
    let vault = Vault(pool: log.pool)
    let time = Date(timeIntervalSince1970: Double(now) / 1000)
    while true {
      let rows = try await log.pool.query(Query(query, [time, Self.step]))
      for row in rows { try await vault.erase(row.decode("invitation_id")) }
      if rows.count < Self.step { return }
    }
  }
}
