import Postgres
import Synchronization
import TestDatabase
import Testing

@Suite("a pool", .timeLimit(.whatHangs)) struct PoolTests {
  @Test("of 4 serves 200 at once without holding up the cooperative threads") func many() async throws {
    let pool = try await Fixture.pool(size: 4, acquireDeadline: .seconds(120))
    try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<200 {
        group.addTask {
          let row = try await pool.query("SELECT \(number) AS n, pg_sleep(0.01)").first
          return try #require(row).decode("n", as: Int.self)
        }
      }
      // Runs on the cooperative threads while all 200 wait.
      await Task.detached {}.value
      let sum = try await group.reduce(0, +)
      #expect(sum == 199 * 100)
    }
    await pool.close()
  }

  @Test("serves in the order of asking") func fair() async throws {
    let pool = try await Fixture.pool(size: 1, acquireDeadline: .seconds(120))
    let served = Served()
    try await pool.withConnection { _ in
      // Each has asked before the next starts: a task begins to wait before it first suspends.
      for number in 0..<20 {
        Task.immediate {
          try await pool.withConnection { _ in served.append(number) }
        }
      }
    }
    try await pool.query("SELECT 1")
    #expect(served.all == Array(0..<20))
    await pool.close()
  }

  @Test("lets go of a waiter that is cancelled or late, and leaks no connection") func noLeak() async throws {
    let pool = try await Fixture.pool(size: 1, acquireDeadline: .milliseconds(100))
    try await pool.withConnection { _ in
      let waiter = Task.immediate { try await pool.query("SELECT 1") }
      waiter.cancel()
      #expect(await PostgresError.from { _ = try await waiter.value }?.kind == .cancelled)
      #expect(await PostgresError.from { try await pool.query("SELECT 1") }?.kind == .poolExhausted)
    }
    #expect(try await pool.query("SELECT 1").count == 1)
    await pool.close()
    #expect(await PostgresError.from { try await pool.query("SELECT 1") }?.kind == .poolClosed)
  }

  @Test("survives tasks cancelled at any moment") func storm() async throws {
    let pool = try await Fixture.pool(size: 3)
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<300 {
        group.addTask {
          let task = Task { try await pool.transaction { try await $0.query("SELECT \(number), pg_sleep(0.001)") } }
          if number % 3 == 0 { task.cancel() }
          _ = try? await task.value
        }
      }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<3 { group.addTask { _ = try await pool.query("SELECT pg_sleep(0.01)") } }
      try await group.waitForAll()
    }
    await pool.close()
  }

  @Test("does not hand on a connection that was left in a transaction") func leftOpen() async throws {
    let pool = try await Fixture.pool(size: 1)
    let pid: Query = "SELECT pg_backend_pid() AS pid"
    let first = try await pool.withConnection { connection in
      try await connection.query("BEGIN")
      return try await connection.query(pid).first?.decode("pid", as: Int.self)
    }
    #expect(try await pool.query(pid).first?.decode("pid", as: Int.self) != first)
    await pool.close()
  }

  @Test("that can't connect says so each time and stays usable") func unreachable() async throws {
    let pool = Pool(ConnectionSettings("host=/tmp/no-such-folder"), size: 1, logger: Fixture.logger)
    for _ in 0..<3 {
      #expect(await PostgresError.from { try await pool.query("SELECT 1") }?.kind == .couldNotConnect)
    }
    await pool.close()
  }

  private final class Served: Sendable {
    private let numbers = Mutex<[Int]>([])
    var all: [Int] { numbers.withLock { $0 } }
    func append(_ number: Int) { numbers.withLock { $0.append(number) } }
  }
}
