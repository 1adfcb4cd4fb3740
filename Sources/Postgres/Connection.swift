import CLibPQ
public import Logging

/// One connection to PostgreSQL. Its calls run one after the other on a thread of their own; every wait has a deadline and ends
/// when the task is cancelled.
public actor Connection {
  private nonisolated let thread: ConnectionThread
  nonisolated let interrupt = Interrupt()
  let settings: ConnectionSettings
  let logger: Logger
  var handle: OpaquePointer?
  var statements = PreparedStatements()

  /// The connection's own thread.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  private init(_ settings: ConnectionSettings, logger: Logger) {
    self.settings = settings
    self.logger = logger
    thread = ConnectionThread(name: "postgres")
  }

  /// Connects within the settings' deadline. Throws `PostgresError` of kind `couldNotConnect`, `deadline` or `cancelled`.
  public static func connect(_ settings: ConnectionSettings, logger: Logger) async throws -> Connection {
    let connection = Connection(settings, logger: logger)
    do {
      try await connection.open()
    } catch {
      await connection.close()
      throw error
    }
    return connection
  }

  /// Whether it can still be used.
  public var isOpen: Bool { handle != nil && PQstatus(handle) == CONNECTION_OK }

  /// Closes it. Closing twice is harmless.
  public func close() {
    if let handle { PQfinish(handle) }
    handle = nil
    thread.stop()
  }

  isolated deinit {
    if let handle { PQfinish(handle) }
    thread.stop()
  }

  /// Runs a statement. Statements with parameters are prepared once per connection.
  ///
  /// Throws `PostgresError`. After `deadline` the statement is cancelled, and the connection stays usable.
  @discardableResult
  public func query(_ query: Query, deadline: Duration? = nil) async throws -> Rows {
    try await withTaskCancellationHandler {
      try run(query, Deadline(in: deadline ?? settings.statementDeadline))
    } onCancel: {
      interrupt.fire()
    }
  }

  /// Runs several statements without parameters, as psql would run a file; one transaction unless they say otherwise.
  public func execute(script: String) async throws {
    try await withTaskCancellationHandler {
      try runScript(script, Deadline(in: .seconds(600)))
    } onCancel: {
      interrupt.fire()
    }
  }

  private func open() async throws {
    let parameters = settings.parameters
    let keywords = parameters.map(\.0) + ["connect_timeout"]
    let values = parameters.map(\.1) + ["0"]
    try await withTaskCancellationHandler {
      handle = CStrings.with(keywords, values) { PQconnectStartParams($0, $1, 1) }
      try establish(Deadline(in: settings.connectDeadline))
    } onCancel: {
      interrupt.fire()
    }
  }
}
