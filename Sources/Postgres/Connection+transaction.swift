import CLibPQ
import Logging

/// How much of other transactions a transaction sees (PostgreSQL manual, "Transaction Isolation").
package enum Isolation: String, Sendable {
  /// Each statement sees what was committed before it.
  case readCommitted = "READ COMMITTED"
  /// All statements see what was committed before the first; a conflicting write fails with 40001.
  case repeatableRead = "REPEATABLE READ"
  /// As if transactions ran one after another; otherwise one fails with 40001 and is to be tried again.
  case serializable = "SERIALIZABLE"
}

extension Connection {
  /// Runs `body` in a transaction: COMMIT when it returns, ROLLBACK when it throws.
  ///
  /// `body` runs on the connection's own thread, so that its statements cost no hops. Cancellation stops a statement, never a
  /// COMMIT under way. Throws what `body` throws, or `PostgresError`; one with `mayHaveCommitted` when the answer to COMMIT
  /// never came, one with `sqlState` 25P02 when a statement had failed and `body` returned all the same.
  package func transaction<T: Sendable>(
    _ isolation: Isolation = .readCommitted, readOnly: Bool = false,
    _ body: nonisolated(nonsending) @Sendable (Connection) async throws -> T
  ) async throws -> T {
    try await begin(isolation, readOnly: readOnly)
    let value: T
    do { value = try await body(self) } catch {
      rollBack()
      throw error
    }
    try commit()
    return value
  }

  private func begin(_ isolation: Isolation, readOnly: Bool) async throws {
    if let wire, wire.transactionStatus != PQTRANS_IDLE {
      throw PostgresError(
        .server, "a transaction is open on this connection already: use that, or another connection", sqlState: "25001")
    }
    var patience = patience()
    patience.effect = .none
    let sql = "BEGIN ISOLATION LEVEL \(isolation.rawValue)" + (readOnly ? " READ ONLY" : "")
    try await interruptible { _ = try perform(Query(sql), patience) }
  }

  private func commit() throws {
    guard !Task.isCancelled else {
      rollBack()
      throw PostgresError(.cancelled, "the task was cancelled before COMMIT: the transaction was rolled back")
    }
    var patience = patience()
    patience.isInterruptible = false
    patience.effect = .commit
    let rows = try perform("COMMIT", patience)
    guard rows.result.tag == "COMMIT" else {
      throw PostgresError(
        .server, "a statement of this transaction had failed, so it was rolled back instead of committed",
        sqlState: "25P02",
        query: "COMMIT")
    }
  }

  /// A connection that can't even roll back is closed, which rolls back.
  private func rollBack() {
    guard let wire, wire.transactionStatus != PQTRANS_IDLE else { return }
    var patience = patience(.seconds(5))
    patience.isInterruptible = false
    patience.effect = .none
    do { _ = try perform("ROLLBACK", patience) } catch {
      logger.warning("a connection is closed since it could not roll back", metadata: ["error": "\(error)"])
      close()
    }
  }
}
