package import Logging
import Synchronization

/// A few connections shared by many tasks: opened when needed, handed on first come, first served, replaced when broken.
///
/// A class with a lock rather than an actor: taking a connection that is free costs no hop.
package final class Pool: Sendable {
  let settings: ConnectionSettings
  let logger: Logger
  let acquireDeadline: Duration
  let size: Int
  let state: Mutex<PoolState<PoolWaiter>>
  let drained = Mutex<[CheckedContinuation<Void, Never>]>([])

  /// A pool of at most `size` connections. A task that finds none free waits at most `acquireDeadline`, then gets an error of
  /// kind `poolExhausted`; connecting has its own deadline.
  package init(_ settings: ConnectionSettings, size: Int, logger: Logger, acquireDeadline: Duration = .seconds(10)) {
    precondition(size > 0, "a pool of \(size) connections: at least one is needed")
    self.settings = settings
    self.logger = logger
    self.acquireDeadline = acquireDeadline
    self.size = size
    state = Mutex(PoolState(size: size))
  }

  /// Lends a connection to `body`, which runs on that connection's thread and must not keep it.
  ///
  /// A connection that comes back inside a transaction is closed. A connection that turns out to be dead before `body` has begun
  /// is replaced silently.
  package func withConnection<T: Sendable>(
    _ body: nonisolated(nonsending) @Sendable (Connection) async throws -> T
  ) async throws -> T {
    while true {
      let connection = try await acquire()
      defer { giveBack(connection.thread.isReusable ? connection : nil) }
      if let value = try await connection.lend(body) { return value }
      logger.debug("an idle connection had been lost, taking another")
    }
  }

  /// Runs one statement on a connection of the pool: ``Connection/query(_:deadline:)``.
  @discardableResult
  package func query(_ query: Query, deadline: Duration? = nil) async throws -> Rows {
    try await withConnection { try await $0.query(query, deadline: deadline) }
  }

  /// Runs a transaction on a connection of the pool: ``Connection/transaction(_:readOnly:_:)``.
  package func transaction<T: Sendable>(
    _ isolation: Isolation = .readCommitted, readOnly: Bool = false,
    _ body: nonisolated(nonsending) @Sendable (Connection) async throws -> T
  ) async throws -> T {
    try await withConnection { try await $0.transaction(isolation, readOnly: readOnly, body) }
  }
}

extension Connection {
  /// Runs `body` on this connection's thread; nil, and nothing done, when the connection is dead.
  func lend<T: Sendable>(_ body: nonisolated(nonsending) @Sendable (Connection) async throws -> T) async throws -> T? {
    guard let wire, wire.isAlive else {
      close()
      return nil
    }
    return try await body(self)
  }
}
