import CLibPQ

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Wire {
  /// How a statement is to be waited for.
  struct Patience {
    var deadline: Deadline
    /// Whether a cancelled task ends the wait. Not so for COMMIT and ROLLBACK, which must be seen through.
    var isInterruptible = true
    /// Whether it can change something for good, should its answer never come.
    var effect = Effect.ownTransaction
  }

  /// What can become permanent with a statement.
  enum Effect {
    /// Nothing.
    case none
    /// What the statement does, unless it runs inside a transaction.
    case ownTransaction
    /// The whole transaction.
    case commit
  }

  /// Why a statement is being stopped.
  private enum Stop {
    case deadline, cancelled
  }

  /// How long a statement that was told to stop may take to do so, before the connection is given up.
  private static let grace = Duration.seconds(5)

  /// Sends with one of libpq's PQsend functions and waits for all results. Returns the last one, or the first that is an error.
  func run(_ patience: Patience, send: (OpaquePointer) -> Int32) throws -> Result {
    guard send(connection) == 1 else { throw lost(complaint) }
    var stop: Stop?
    var canceller: Canceller?
    var deadline = patience.deadline
    let result = try collect { events in
      switch wait(for: events, until: deadline) {
      case .ready: return
      case .interrupted:
        guard patience.isInterruptible, stop == nil, Task.isCancelled else { return }
        stop = .cancelled
      case .timedOut:
        guard stop == nil else { throw giveUp(stop) }
        stop = .deadline
      }
      canceller = Canceller(connection)
      deadline = .now + Self.grace
    }
    // A cancel request that is still on its way would hit the next statement.
    if let canceller, !canceller.wait(until: deadline) { throw giveUp(stop) }
    if stop != nil, result.sqlState == "57014" { throw error(for: stop) }
    return result
  }

  private func error(for stop: Stop?) -> PostgresError {
    stop == .cancelled
      ? PostgresError(.cancelled, "the task was cancelled")
      : PostgresError(.deadline, "no answer within the statement's deadline")
  }

  private func giveUp(_ stop: Stop?) -> PostgresError {
    isBroken = true
    var error = error(for: stop)
    error.message += ", and the server did not stop when asked to: the connection is closed"
    return error
  }

  /// Flushes, then reads until the server is ready for the next statement.
  private func collect(_ wait: (Int32) throws -> Void) throws -> Result {
    var kept: Result?
    while true {
      let unsent = PQflush(connection)
      guard unsent >= 0 else { throw lost(complaint) }
      if unsent == 1 || PQisBusy(connection) == 1 {
        try wait(unsent == 1 ? POLLIN | POLLOUT : POLLIN)
        guard PQconsumeInput(connection) == 1 else { throw lost(complaint, kept) }
        continue
      }
      guard let pointer = PQgetResult(connection) else { break }
      let result = Result(pointer)
      guard !result.isCopy else { throw lost("COPY is not supported by this client") }
      if kept?.isError != true { kept = result }
    }
    guard let kept, PQstatus(connection) == CONNECTION_OK else { throw lost(complaint, kept) }
    return kept
  }

  /// With the last words of a server that hangs up, such as "terminating connection due to administrator command".
  private func lost(_ reason: String, _ result: Result? = nil) -> PostgresError {
    isBroken = true
    let words = result.flatMap { $0.isError ? $0.field(.message) : nil } ?? reason
    return PostgresError(.connectionLost, "the connection was lost: \(words)", sqlState: result?.sqlState)
  }
}
