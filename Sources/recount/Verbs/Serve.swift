import Application
import ArgumentParser
import EventLog
import Logging
import Postgres
import Server
import ServiceLifecycle
import UnixSignals

/// `recount serve`
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve the HTTP API. Any number of servers may share a database.")

  @Option(help: "The port to listen on; 0 picks a free one.")
  var port = 8080

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("--port: found \(port); allowed: 0 to 65535") }
  }

  func run() async throws {
    let files = FileLimit.raise()
    let compose = try Compose()
    let mailSettings = try MailSettings(address: "http://\(reachableHost):\(port)")
    let log = try await compose.log()
    try await compose.warnOfOwner(log.pool, as: .server)
    let logger = compose.logger
    let settings = compose.settings
    let signing = try settings.signingKeys()
    var throttle = ThrottleSettings()
    throttle.isOn = settings.isThrottling
    throttle.shared = settings.redis.map { SharedBuckets($0, logger: logger) }
    let roll = ServerRoll(pool: log.pool, count: throttle.servers, logger: logger)
    let queries = QueryCatalog(folder: settings.projections)
    try await check(try Questions(log: log, queries: queries), logger: logger)
    let listening = ListeningConnection(try compose.connectionSettings(as: .server), logger: logger)
    let billing = try compose.billing(log: log, listening: listening)
    let server = RecountServer(
      log: log, projections: settings.projections, signing: signing, archive: compose.archive, people: settings.people,
      limits: limits(settings, shards: log.shards.count, files: files, logger: logger), throttle: throttle,
      isSecure: mailSettings.publicURL.hasPrefix("https:"), address: mailSettings.publicURL, plots: settings.plots,
      paymentOrigins: settings.billing?.pageOrigins, slack: SlackDelivery(trusting: settings.slackOrigins),
      support: settings.support,
      billing: billing.desk, logger: logger)
    let application = try server.application(host: host, port: port) { port in
      logger.info("serving", metadata: ["address": "http://\(host):\(port)"])
    }
    await turnMonths(of: log, logger: logger)
    let archive = try archiveJob(compose)
    let scheduler = Scheduler(
      jobs: [
        MonthsJob(log: log), CheckpointsJob(log: log, keys: signing),
        try RetentionJob(log: log, queries: queries), try InvitationsJob(log: log, queries: queries),
      ] + archive + (try peopleJobs(log, queries, settings, billing.desk)) + billing.jobs, pool: log.pool,
      settings: try compose.connectionSettings(as: .server),
      logger: logger)
    let mail = try compose.mail(mailSettings, log: log, listening: listening)
    let slack = try compose.slack(base: mailSettings.publicURL, log: log, listening: listening)
    let group = ServiceGroup(
      configuration: .init(
        // Ended in the reverse order: the tallies are written when no more calls come.
        services: [
          TallyKeeper(log: log, interval: settings.tallyInterval, logger: logger), application, scheduler, roll,
          listening,
        ]
          + mail.services + billing.services + slack.services,
        gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
    throttle.shared?.close()
    await mail.pool.close()
    await billing.pool?.close()
    await slack.pool.close()
    await log.close()
  }

  /// What the HTTP edge allows, with room left for the files and database connections of the process itself.
  private func limits(_ settings: Settings, shards: Int, files: Int, logger: Logger) -> ServerLimits {
    // Two descriptors for each connection to the database, its socket and its thread's wake-up: those asked for, one of each shard's
    // that appends, and the one that flushes. The rest for pools of mail, Slack and archive, files, and what libraries open.
    let reserve = 2 * (settings.connections + shards + 1) + 60
    var limits = settings.limits
    let most = max(8, files - reserve)
    if limits.connections > most {
      logger.warning(
        "fewer clients are let in than asked for: the limit of open files is low (ulimit -Hn)",
        metadata: ["clients": "\(most)", "asked": "\(limits.connections)", "files": "\(files)"])
      limits.connections = most
    }
    return limits
  }

  private func peopleJobs(
    _ log: Log, _ queries: QueryCatalog, _ settings: Settings, _ billing: BillingDesk?
  ) throws -> [any ScheduledJob] {
    var people = try People(log: log, queries: queries, settings: settings.people)
    people.billing = billing
    return [ErasureJob(people: people), ThrottlesJob(people: people)]
  }

  /// Says which questions would fail. The server starts all the same: it records whether read models can be asked or not, and those of another
  /// release are being rebuilt.
  private func check(_ questions: Questions, logger: Logger) async throws {
    let check = try await questions.check()
    for fault in check.faults {
      logger.error("a question and a read model don't fit each other", metadata: ["fault": "\(fault)"])
    }
    if !check.unbuilt.isEmpty {
      logger.info(
        "read models are not built yet: start `recount projector`", metadata: ["unasked": "\(check.unbuilt.count)"])
    }
  }

  /// None where the operator has not asked for it.
  private func archiveJob(_ compose: Compose) throws -> [any ScheduledJob] {
    guard let months = compose.settings.archiveAfterMonths else { return [] }
    let pool = try compose.pool(as: .archiver, size: 1)
    return [ArchiveJob(pool: pool, folder: compose.settings.archive, keeping: months, logger: compose.logger)]
  }

  /// Where a browser on this machine finds the server.
  private var reachableHost: String {
    switch host {
    case "0.0.0.0", "::": "127.0.0.1"
    case _ where host.contains(":"): "[\(host)]"
    default: host
    }
  }

  /// Before the first request: a server that was down for months must be able to append at once.
  private func turnMonths(of log: Log, logger: Logger) async {
    do { try await log.turnMonths(now: SystemClock().now) } catch {
      logger.error("the months were not turned, the schedule tries again", metadata: ["error": "\(error)"])
    }
  }
}
