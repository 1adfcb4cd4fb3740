public import Logging

/// Connections to one database, made when needed, handed out first come, first served, replaced when broken.
public actor Pool {
  private let settings: ConnectionSettings
  private let size: Int
  private let acquireDeadline: Duration
  private let logger: Logger
  private var idle: [Connection] = []
  /// Connections that exist or are being made.
  private var count = 0
  private var waiters: [Waiter] = []
  private var nextWaiter = 0
  private var isClosed = false

  private struct Waiter {
    let id: Int
    /// Answered with a connection, or nil for the right to make one.
    let answer: CheckedContinuation<Connection?, any Error>
  }

  /// A pool of at most `size` connections; none is made before it is needed.
  public init(_ settings: ConnectionSettings, size: Int, logger: Logger, acquireDeadline: Duration = .seconds(10)) {
    self.settings = settings
    self.size = size
    self.logger = logger
    self.acquireDeadline = acquireDeadline
  }

  /// Lends a connection to the body alone. Throws `PostgresError` of kind `poolExhausted`, `poolClosed` or `cancelled` when none
  /// can be had.
  public nonisolated func withConnection<T: Sendable>(
    _ body: @Sendable (Connection) async throws -> T
  ) async throws -> T {
    let connection = try await acquire()
    do {
      let result = try await body(connection)
      await release(connection)
      return result
    } catch {
      await release(connection)
      throw error
    }
  }

  /// Runs one statement. One that met a connection which had died while idle, and so was never sent, is sent again over a new one.
  @discardableResult
  public nonisolated func query(_ query: Query, deadline: Duration? = nil) async throws -> Rows {
    do {
      return try await withConnection { try await $0.query(query, deadline: deadline) }
    } catch let error as PostgresError where error.isFromIdle {
      await discardIdle()
      return try await withConnection { try await $0.query(query, deadline: deadline) }
    }
  }

  /// Runs a transaction; see `Connection.transaction`.
  public nonisolated func transaction<T: Sendable>(
    _ isolation: Isolation = .readCommitted, readOnly: Bool = false,
    _ body: @Sendable (Connection) async throws -> T
  ) async throws -> T {
    do {
      return try await withConnection { try await $0.transaction(isolation, readOnly: readOnly, body) }
    } catch let error as PostgresError where error.isFromIdle && error.query?.hasPrefix("BEGIN") == true {
      await discardIdle()
      return try await withConnection { try await $0.transaction(isolation, readOnly: readOnly, body) }
    }
  }

  /// Closes idle connections at once and lent ones as they come back. Waiters get `poolClosed`.
  public func close() async {
    isClosed = true
    for waiter in waiters { waiter.answer.resume(throwing: PostgresError(.poolClosed, "the pool was closed")) }
    waiters = []
    await discardIdle()
  }

  private func discardIdle() async {
    let dead = idle
    idle = []
    count -= dead.count
    for connection in dead { await connection.close() }
  }
}

extension Pool {
  private func acquire() async throws -> Connection {
    guard !isClosed else { throw PostgresError(.poolClosed, "the pool was closed") }
    if let connection = idle.popLast() { return connection }
    if count < size {
      count += 1
      return try await make()
    }
    if let connection = try await wait() { return connection }
    return try await make()
  }

  /// Makes a connection for a place already counted.
  private func make() async throws -> Connection {
    do {
      return try await Connection.connect(settings, logger: logger)
    } catch {
      giveUpPlace()
      throw error
    }
  }

  private func wait() async throws -> Connection? {
    nextWaiter += 1
    let id = nextWaiter
    let timer = Task {
      try await Task.sleep(for: acquireDeadline)
      end(id, PostgresError(.poolExhausted, "no connection became free within \(acquireDeadline): all \(size) are busy"))
    }
    defer { timer.cancel() }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { answer in
        guard !Task.isCancelled else {
          answer.resume(throwing: PostgresError(.cancelled, "the task was cancelled"))
          return
        }
        waiters.append(Waiter(id: id, answer: answer))
      }
    } onCancel: {
      Task { await end(id, PostgresError(.cancelled, "the task was cancelled while it waited for a connection")) }
    }
  }

  private func end(_ id: Int, _ error: PostgresError) {
    guard let index = waiters.firstIndex(where: { $0.id == id }) else { return }
    waiters.remove(at: index).answer.resume(throwing: error)
  }

  private func release(_ connection: Connection) async {
    guard await connection.isOpen, !isClosed else {
      await connection.close()
      giveUpPlace()
      return
    }
    guard !waiters.isEmpty else {
      idle.append(connection)
      return
    }
    waiters.removeFirst().answer.resume(returning: connection)
  }

  /// A place became free: the first waiter may make a connection for it.
  private func giveUpPlace() {
    guard !waiters.isEmpty, !isClosed else {
      count -= 1
      return
    }
    waiters.removeFirst().answer.resume(returning: nil)
  }
}

extension PostgresError {
  /// Found dead before anything was sent.
  fileprivate var isFromIdle: Bool { kind == .connectionLost && !mayHaveCommitted }
}
