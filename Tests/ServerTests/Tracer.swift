import Application
import EventLog
import Foundation
import HummingbirdTesting
import Logging
import Postgres
import Server
import Synchronization
import TestDatabase

/// Hears of every statement that a log's connections run.
final class Tracer: Sendable {
  private let heard = Mutex<[String]>([])

  var logger: Logger {
    var logger = Logger(label: "tracer") { _ in Handler(tracer: self) }
    logger.logLevel = .trace
    return logger
  }

  /// Those run since the last call, in order.
  func statements() -> [String] {
    heard.withLock { heard in
      defer { heard = [] }
      return heard
    }
  }

  private struct Handler: LogHandler {
    let tracer: Tracer
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      guard case .string(let sql)? = event.metadata?["sql"] else { return }
      tracer.heard.withLock { $0.append(sql) }
    }
  }
}

extension Service {
  /// Runs a test against a server with connections as `recount serve` has them.
  static func withPools(
    _ setup: TestingSetup, _ body: @escaping @Sendable (Service, Tracer) async throws -> Void
  ) async throws {
    try await TestLog.with(template: template) { test in
      let (tracer, clock) = (Tracer(), TestClock())
      var settings = test.database.settings
      settings.role = "recount_server"
      let log = try await Log(
        pools: Pools(settings, total: 8, logger: tracer.logger), settings: settings, logger: tracer.logger)
      let signing = try SigningKeys(drawnFor: "localhost/recount")
      let server = RecountServer(
        log: log, projections: projections, signing: signing, clock: clock, people: people, patience: .zero,
        logger: silent)
      try await server.application(host: "127.0.0.1", port: 0).test(setup) { client in
        try await body(Service(test: test, clock: clock, signing: signing, client: client), tracer)
      }
      await log.close()
    }
  }

  /// Waits until a condition holds.
  func eventually(_ what: String, within patience: Duration = .seconds(120), _ holds: () async throws -> Bool)
    async throws
  {
    let deadline = ContinuousClock.now + patience
    while try await !holds() {
      guard ContinuousClock.now < deadline else { throw NeverCame(what: what) }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  struct NeverCame: Error { let what: String }

  /// How many statements of the server wait for a lock.
  func waiting() async throws -> Int {
    try await number(
      """
      SELECT count(*) AS n FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'
      """)
  }
}
