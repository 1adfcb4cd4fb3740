import Application
import EventLog
import Foundation
import Postgres
import Server
import ServiceLifecycle

extension Compose {
  /// The reactor that queues mails and the sender that sends them, over connections of their own: waiting for a slow mail server must
  /// hold up no request.
  func mail(
    _ settings: MailSettings, log: Log, listening: ListeningConnection
  ) throws -> (services: [any Service], pool: Pool) {
    let pool = try pool(as: .server, size: 1 + Followers.spareConnections + MailSender.parallel)
    let vault = Vault(pool: pool)
    let composer = try MailComposer(
      pool: pool, shards: log.shards, vault: vault, secrets: Secrets(vault: vault), from: settings.from,
      base: settings.publicURL)
    let outbox = Outbox(
      folder: self.settings.data.appending(path: "outbox"), logsLinks: settings.logsLinks, logger: logger)
    let transport: any MailTransport = settings.server.map { SMTPTransport(to: $0) } ?? outbox
    return (
      [
        Followers(
          [MailReactor(log: log, from: settings.from, logger: logger)], pool: pool, listening: listening, logger: logger
        ),
        MailSender(pool: pool, composer: composer, transport: transport, logger: logger),
      ], pool
    )
  }
}
