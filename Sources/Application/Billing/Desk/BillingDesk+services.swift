package import EventLog
import Logging
package import Postgres
package import ServiceLifecycle

extension BillingDesk {
  /// What follows Stripe's facts, in every server process.
  ///
  /// - Parameters:
  ///   - pool: of the serving role, with room for both.
  ///   - archive: where months lie that have left the database.
  package func services(
    over pool: Pool, listening: ListeningConnection, archive: ArchiveReader?
  ) -> [any Service] {
    [
      Followers(
        [BillingFollower(archive: archive, clock: clock)], pool: pool, listening: listening, logger: logger),
      worker(over: pool),
    ]
  }

  /// The process manager.
  package func worker(over pool: Pool) -> BillingWorker {
    BillingWorker(pool: pool, follow: follow, counts: door.counts, clock: clock, logger: logger)
  }

  /// What the schedule runs.
  package var jobs: [any ScheduledJob] { [BillingEventsJob(desk: self), BillingReconcileJob(desk: self)] }
}
