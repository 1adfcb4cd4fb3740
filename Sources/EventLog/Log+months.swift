package import Domain
import Postgres

extension Log {
  /// Creates the partitions of the months to come, and drops those of ids that no event can bear any more.
  package func turnMonths(now: Instant) async throws {
    let windowDays = Int32(AcceptanceWindow.standard.behind.wholeSeconds / 86_400)
    try await pool.query("SELECT log.ensure_partitions((\(now)::timestamptz AT TIME ZONE 'UTC')::date)")
    try await pool.query("SELECT log.forget_ids((\(now)::timestamptz AT TIME ZONE 'UTC')::date, \(windowDays))")
  }
}
