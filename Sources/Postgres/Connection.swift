import CLibPQ
package import Logging

/// One connection to PostgreSQL over libpq.
///
/// The way of a statement:
/// 1. a ``Query`` is text and parameters; `\(value)` in a literal is a parameter, in binary (``PostgresScalar``);
/// 2. the call hops to the connection's own thread (``ConnectionThread``, this actor's executor), the one hop of a query;
/// 3. a statement with parameters is prepared the first time (``StatementCache``), then only executed;
/// 4. the thread waits in poll() for the answer, for the deadline or for the task's cancellation (``Wire``);
/// 5. the answer is libpq's own buffer behind ``Rows``; cells are decoded from text when asked for (``Cell``).
///
/// Used by one task at a time: statements of others would fall into this one's transaction. A ``Pool`` sees to that.
package actor Connection {
  let settings: ConnectionSettings
  let logger: Logger
  /// The executor, and what may be asked of it from elsewhere.
  nonisolated let thread: ConnectionThread
  var wire: Wire?
  var statements = StatementCache()
  var listeners: [Listener] = []

  /// The connection's own thread.
  package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  init(_ settings: ConnectionSettings, logger: Logger) throws {
    self.settings = settings
    self.logger = logger
    thread = try ConnectionThread()
  }

  /// Connects. Throws `PostgresError` of kind `couldNotConnect`, within the connect deadline, or `cancelled`.
  package static func connect(_ settings: ConnectionSettings, logger: Logger) async throws -> Connection {
    let connection = try Connection(settings, logger: logger)
    try await connection.open()
    return connection
  }

  /// Whether the connection can be used, as far as is known.
  package var isOpen: Bool { wire != nil }

  /// Closes the connection. Further calls throw `connectionLost`.
  package func close() {
    wire = nil
    thread.isReusable = false
    for listener in listeners { listener.finish() }
    listeners = []
  }

  /// Runs one statement (extended protocol). Throws `PostgresError`.
  ///
  /// The deadline counts from here; nil takes the settings' one. A statement stopped by its deadline or by cancellation leaves
  /// the connection usable.
  @discardableResult
  package func query(_ query: Query, deadline: Duration? = nil) async throws -> Rows {
    try await interruptible { try perform(query, patience(deadline)) }
  }

  /// Runs many statements (simple protocol), such as a migration: in one transaction unless the script says otherwise.
  package func execute(script: String, deadline: Duration = .seconds(600)) async throws {
    try await interruptible {
      let result = try run(script, patience(deadline)) { PQsendQuery($0, script) }
      if result.isError { throw result.error(query: script) }
    }
  }

  func patience(_ deadline: Duration? = nil) -> Wire.Patience {
    Wire.Patience(deadline: .now + (deadline ?? settings.statementDeadline))
  }

  /// Runs `body` so that cancelling the task interrupts the wait in it.
  func interruptible<R: Sendable>(_ body: () throws -> R) async throws -> R {
    guard !Task.isCancelled else {
      var error = PostgresError(.cancelled, "the task was cancelled before the statement was sent")
      error.isUnsent = true
      throw error
    }
    let wakeup = thread.wakeup
    return try await withTaskCancellationHandler(operation: body, onCancel: { wakeup.signal() })
  }
}
