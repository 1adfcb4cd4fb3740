import Application
import Domain
import EventLog
import Foundation
import Postgres
import Projector
import Server
import Synchronization
import TestDatabase

/// Server processes that share a log's schedule, each as far as the database can tell: connections and a name of its own.
struct Servers: Sendable {
  let test: TestLog
  let clock: TestClock
  var spacing = Duration.zero

  private var settings: ConnectionSettings {
    var settings = test.database.settings
    settings.role = "recount_server"
    return settings
  }

  private static let template = Template(name: "server") { [try .operations()] }

  static func with(_ body: @Sendable (Servers) async throws -> Void) async throws {
    try await TestLog.with(template: template) { try await body(Servers(test: $0, clock: TestClock())) }
  }

  /// Starts one.
  func start(_ name: String, clock: TestClock? = nil, _ jobs: any ScheduledJob...) -> Running {
    let looks = LookClock(clock ?? self.clock)
    let scheduler = Scheduler(
      jobs: jobs, pool: test.log.pool, settings: settings, clock: looks, look: .milliseconds(20), spacing: spacing,
      process: name, logger: Service.silent)
    return Running(clock: looks, task: Task { try await scheduler.run() })
  }

  /// Takes a job as a server would that then dies or hangs. What it leaves is the connection.
  func take(_ name: String, as process: String, deadline: Double) async throws -> Connection {
    let connection = try await Connection.connect(settings, logger: Service.silent)
    try await connection.query("SELECT operations.register_jobs(\([name]), \([Int64(86_400_000)]))")
    try await connection.query(
      """
      SELECT operations.take_job(
        \(name), now(), make_interval(secs => 0), \(process), make_interval(secs => \(deadline)))
      """)
    return connection
  }

  /// Brings the read models up to date, as a projector does.
  func catchUp() async throws {
    var settings = test.database.settings
    settings.role = "recount_projector"
    let pool = Pool(settings, size: 3, logger: Service.silent)
    try await CatchUp(pool: pool, projections: Service.projections, logger: Service.silent).run()
    await pool.close()
  }

  /// A server process under way.
  struct Running: Sendable {
    let clock: LookClock
    let task: Task<Void, any Error>

    /// Shuts it down.
    func stop() async throws {
      task.cancel()
      try await task.value
    }

    /// Returns when it has looked at the schedule a few times more, and so would have done what it is going to do.
    func looks(_ times: Int = 6) async throws {
      let limit = ContinuousClock.now + .seconds(120)
      let goal = clock.looks + times
      while clock.looks < goal {
        guard ContinuousClock.now < limit else { throw NeverTrue(condition: "\(times) looks", found: "fewer") }
        try await Task.sleep(for: .milliseconds(10))
      }
    }
  }

  /// A job's row, once it meets a condition in SQL.
  @discardableResult
  func job(_ name: String, where condition: String) async throws -> Row {
    let limit = ContinuousClock.now + .seconds(120)
    while true {
      let rows = try await test.owner.query(
        "SELECT * FROM operations.jobs WHERE name = \(name) AND (\(unescaped: condition))")
      if let row = rows.first { return row }
      guard ContinuousClock.now < limit else {
        let found = try await test.owner.query(
          "SELECT to_jsonb(j)::text AS row FROM operations.jobs AS j WHERE name = \(name)"
        ).first?.decode("row", as: String.self)
        throw NeverTrue(condition: condition, found: found ?? "no such job")
      }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  struct NeverTrue: Error, CustomStringConvertible {
    let condition: String
    let found: String
    var description: String { "never came true: \(condition); found: \(found)" }
  }
}

/// A clock that counts how often it was looked at.
final class LookClock: WallClock {
  private let clock: TestClock
  private let count = Mutex(0)

  init(_ clock: TestClock) { self.clock = clock }

  var looks: Int { count.withLock { $0 } }

  var now: Instant {
    count.withLock { $0 += 1 }
    return clock.now
  }
}

/// A job that notes when it ran, and does what the test says.
final class NotedJob: ScheduledJob {
  let name = "noted"
  let interval = Duration.days(1)
  let deadline: Duration
  private let work: @Sendable () async throws -> Void
  private let times = Mutex<[Instant]>([])

  init(deadline: Duration = .seconds(3_600), _ work: @escaping @Sendable () async throws -> Void = {}) {
    self.deadline = deadline
    self.work = work
  }

  /// The clock's times it was begun at.
  var begun: [Instant] { times.withLock { $0 } }

  func run(now: Instant) async throws {
    times.withLock { $0.append(now) }
    try await work()
  }
}
