import Logging
/// How much a transaction sees of others (SQL standard; PostgreSQL's meaning).
public enum Isolation: String, Sendable {
  case readCommitted = "READ COMMITTED"
  case repeatableRead = "REPEATABLE READ"
  case serializable = "SERIALIZABLE"

  func begin(readOnly: Bool) -> Query {
    Query("BEGIN ISOLATION LEVEL \(rawValue) READ \(readOnly ? "ONLY" : "WRITE")" as String)
  }
}

extension Connection {
  /// Runs statements as one transaction: COMMIT when the body returns, ROLLBACK when it throws. A COMMIT that fails because the
  /// connection broke throws an error whose `mayHaveCommitted` is true.
  public func transaction<T: Sendable>(
    _ isolation: Isolation = .readCommitted, readOnly: Bool = false,
    _ body: @Sendable (Connection) async throws -> T
  ) async throws -> T {
    try await query(isolation.begin(readOnly: readOnly))
    let result: T
    do {
      result = try await body(self)
    } catch {
      await rollBack()
      throw error
    }
    try await query("COMMIT")
    return result
  }

  /// Also when the task has been cancelled: an open transaction would hold its locks for as long as the connection lives.
  private func rollBack() async {
    guard isOpen else { return }
    do {
      _ = try run("ROLLBACK", Deadline(in: .seconds(5)))
    } catch {
      logger.debug("rollback failed, the connection is given up", metadata: ["error": "\(error)"])
      drop()
    }
  }
}
