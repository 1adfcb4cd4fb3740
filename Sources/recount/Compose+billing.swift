import Application
import EventLog
import Foundation
import Postgres
import Server
import ServiceLifecycle

extension Compose {
  /// What sells, what follows what was sold, and what is done about it on schedule. Nothing where no key is set.
  struct Billing {
    var desk: BillingDesk?
    var services: [any Service] = []
    var jobs: [any ScheduledJob] = []
    var pool: Pool?
  }

  /// The worker waits for Stripe over connections of its own: that must hold up no request.
  func billing(log: Log, listening: ListeningConnection) throws -> Billing {
    guard let settings = settings.billing else { return Billing() }
    let desk = BillingDesk(settings, log: log, logger: logger)
    let pool = try pool(as: .server, size: 1 + Followers.spareConnections + BillingWorker.parallel)
    return Billing(
      desk: desk, services: desk.services(over: pool, listening: listening, archive: archive), jobs: desk.jobs,
      pool: pool)
  }

  /// For verbs. Throws where no key is set.
  func billingDesk(_ log: Log) throws -> BillingDesk {
    guard let settings = settings.billing else {
      throw SettingError(
        key: "STRIPE_API_KEY", found: "nothing", allowed: "a secret key of Stripe's, sk_test_… or sk_live_…")
    }
    return BillingDesk(settings, log: log, logger: logger)
  }
}
