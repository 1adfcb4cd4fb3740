import EventLog
import Foundation
import Postgres

/// Erases the people whose time to think better of it has passed.
public struct ErasureJob: ScheduledJob {
  private let people: People
  private let query: String

  /// `erasure`
  public let name = "erasure"
  /// A person was told a day, so an hour more or less is nothing.
  public let interval: Int64 = 3_600_000
  /// Who is to be erased.
  public let readModels = ["people"]

  /// For the people of a log.
  public init(people: People, queries: QueryCatalog) throws {
    self.people = people
    query = try queries.text("people", "deletions_due")
  }

  /// One after the other. Who can't be erased now is tried again at the next run, and keeps nobody else waiting.
  public func run(now: Int64) async throws {
    let date = Date(timeIntervalSince1970: Double(now) / 1000)
    var failures: [any Error] = []
    for row in try await people.log.pool.query(Query(query, [date])) {
      try Task.checkCancellation()
      do { try await Erase(people: people)(try row.decode("user_id"), now: now) } catch { failures.append(error) }
    }
    if let failure = failures.first { throw failure }
  }
}
