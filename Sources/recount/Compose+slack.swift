import Application
import EventLog
import Postgres
import ServiceLifecycle

extension Compose {
  /// What tells accounts' channels in Slack, over connections of its own: waiting for Slack must hold up nothing.
  func slack(
    base: String, log: Log, listening: ListeningConnection
  ) throws -> (services: [any Service], pool: Pool) {
    let pool = try pool(as: .server, size: 1 + Followers.spareConnections + SlackSender.connections)
    let origins = settings.slackOrigins
    return (
      [
        Followers([SlackReactor(log: log, logger: logger)], pool: pool, listening: listening, logger: logger),
        SlackSender(
          log: log, pool: pool, composer: try SlackComposer(log: log, pool: pool, origins: origins, base: base),
          delivery: SlackDelivery(trusting: origins), logger: logger),
      ], pool
    )
  }
}
