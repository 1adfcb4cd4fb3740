import Synchronization

/// Someone who waits for a connection.
typealias PoolWaiter = CheckedContinuation<PoolGrant, any Error>

extension Pool {
  /// A connection that is open, as far as is known.
  func acquire() async throws -> Connection {
    switch try await grant() {
    case .member(let connection): return connection
    case .room:
      do { return try await Connection.connect(settings, logger: logger) } catch {
        giveBack(nil)
        throw error
      }
    }
  }

  /// Takes a connection back, or the room of one that is no more, and hands it on.
  func giveBack(_ connection: Connection?) {
    let (next, isDrained) = state.withLock { ($0.giveBack(connection), $0.isClosed && $0.open == 0) }
    if let next { next.waiter.resume(returning: next.grant) }
    if isDrained { reportDrained() }
  }

  private func grant() async throws -> PoolGrant {
    if let grant = state.withLock({ $0.request() }) { return grant }
    let ticket = state.withLock { $0.takeTicket() }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { queue($0, ticket: ticket) }
    } onCancel: {
      state.withLock { $0.withdraw(ticket: ticket) }?.resume(throwing: Self.cancelled)
    }
  }

  private func queue(_ waiter: PoolWaiter, ticket: UInt64) {
    let expiry = ContinuousClock.now + acquireDeadline
    let answer = state.withLock { state -> PoolState<PoolWaiter>.Answer? in
      // Under the lock: a cancellation that comes later finds the waiter in the queue.
      Task.isCancelled ? nil : state.request(ticket: ticket, waiter, expiry: expiry)
    }
    switch answer {
    case .granted(let grant): waiter.resume(returning: grant)
    case .queued(let startTimer): if startTimer { Task { await expireWaiters() } }
    case .closed: waiter.resume(throwing: PostgresError(.poolClosed, "the pool has been closed"))
    case nil: waiter.resume(throwing: Self.cancelled)
    }
  }

  /// One timer for all: who came first expires first.
  private func expireWaiters() async {
    while true {
      let (late, lookAgain) = state.withLock { $0.expire(now: .now) }
      for waiter in late {
        waiter.resume(
          throwing: PostgresError(
            .poolExhausted, "none of the pool's \(size) connections became free within \(acquireDeadline)"))
      }
      guard let lookAgain else { return }
      // Nothing cancels this task.
      try? await Task.sleep(until: lookAgain, clock: .continuous)
    }
  }

  private static var cancelled: PostgresError {
    PostgresError(.cancelled, "the task was cancelled while it waited for a connection")
  }
}
