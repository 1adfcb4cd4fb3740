import Synchronization

extension Pool {
  /// Closes the pool: who waits gets an error of kind `poolClosed`, who has a connection may finish. Returns when all
  /// connections are closed.
  package func close() async {
    let (waiters, idle) = state.withLock { $0.close() }
    for waiter in waiters { waiter.resume(throwing: PostgresError(.poolClosed, "the pool has been closed")) }
    for connection in idle { await connection.close() }
    await withCheckedContinuation { continuation in
      drained.withLock { $0.append(continuation) }
      if state.withLock({ $0.open == 0 }) { reportDrained() }
    }
  }

  func reportDrained() {
    let continuations = drained.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    for continuation in continuations { continuation.resume() }
  }
}
