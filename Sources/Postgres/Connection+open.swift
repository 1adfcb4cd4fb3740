import Synchronization

extension Connection {
  /// Connects on this connection's thread, while the caller waits no longer than the deadline.
  nonisolated func open() async throws {
    let answer = FirstAnswer<Void>()
    let limit = settings.connectDeadline
    let opening = Task { answer.give(await asResult { try await openOnThread() }) }
    // Waits on the socket end by themselves; libpq's name resolution is the one that can't be interrupted.
    let timer = Task {
      try await Task.sleep(for: limit + .milliseconds(250))
      answer.give(
        .failure(PostgresError(.couldNotConnect, "no connection within \(limit): does the host's name resolve?")))
    }
    defer { timer.cancel() }
    try await withTaskCancellationHandler {
      try await answer.value()
    } onCancel: {
      opening.cancel()
      answer.give(.failure(PostgresError(.cancelled, "cancelled while connecting")))
    }
  }

  private func openOnThread() async throws {
    let deadline = Wire.Deadline.now + settings.connectDeadline
    let thread = thread
    let settings = settings
    try await interruptible { wire = try Wire.open(settings, wakeup: thread.wakeup, until: deadline) }
    do {
      try await execute(script: settings.preamble, deadline: settings.connectDeadline)
    } catch var error as PostgresError {
      close()
      error.kind = error.kind == .cancelled ? .cancelled : .couldNotConnect
      throw error
    }
  }
}

private func asResult(_ body: () async throws -> Void) async -> Swift.Result<Void, any Error> {
  do { return .success(try await body()) } catch { return .failure(error) }
}

/// Takes the first of several answers, so that a caller need not wait for a task that can't be stopped.
private final class FirstAnswer<T: Sendable>: Sendable {
  private enum State {
    case open
    case awaited(CheckedContinuation<T, any Error>)
    case answered(Swift.Result<T, any Error>)
  }

  private let state = Mutex(State.open)

  func give(_ answer: Swift.Result<T, any Error>) {
    let waiter: CheckedContinuation<T, any Error>? = state.withLock { state in
      switch state {
      case .answered: return nil
      case .open: state = .answered(answer)
      case .awaited(let waiter):
        state = .answered(answer)
        return waiter
      }
      return nil
    }
    waiter?.resume(with: answer)
  }

  func value() async throws -> T {
    try await withCheckedThrowingContinuation { waiter in
      let answer: Swift.Result<T, any Error>? = state.withLock { state in
        if case .answered(let answer) = state { return answer }
        state = .awaited(waiter)
        return nil
      }
      if let answer { waiter.resume(with: answer) }
    }
  }
}
