import Domain
import Foundation
import Postgres

extension Log {
  /// Creates the partitions of the months to come, and drops those of ids that no event can bear any more.
  ///
  /// - Parameter now: milliseconds since 1970-01-01T00:00:00Z.
  public func turnMonths(now: Int64) async throws {
    let today = Date(timeIntervalSince1970: Double(now) / 1000)
    let windowDays = Int32(AcceptanceWindow.standard.behindMilliseconds / 86_400_000)
    try await pool.query("SELECT log.ensure_partitions((\(today)::timestamptz AT TIME ZONE 'UTC')::date)")
    try await pool.query("SELECT log.forget_ids((\(today)::timestamptz AT TIME ZONE 'UTC')::date, \(windowDays))")
  }
}
