import CLibPQ
import Logging

extension Connection {
  /// Runs one statement and waits for it on this thread.
  func perform(_ query: Query, _ patience: Wire.Patience) throws -> Rows {
    logger.trace("statement", metadata: ["sql": "\(query.sql)"])
    let parameters = try Parameters(query)
    let result: Result
    if query.parameters.isEmpty || wire?.transactionStatus == PQTRANS_INERROR {
      result = try executeOnce(query.sql, parameters, patience)
    } else {
      result = try executePrepared(query.sql, parameters, patience)
    }
    if result.isError { throw result.error(query: query.sql) }
    return Rows(result: result)
  }

  private func executeOnce(_ sql: String, _ parameters: Parameters, _ patience: Wire.Patience) throws -> Result {
    try run(sql, patience) { connection in
      parameters.send { count, values, lengths, formats in
        PQsendQueryParams(connection, sql, count, parameters.types, values, lengths, formats, 0)
      }
    }
  }

  private func executePrepared(_ sql: String, _ parameters: Parameters, _ patience: Wire.Patience) throws -> Result {
    let key = StatementCache.Key(sql: sql, types: parameters.types)
    for isRetry in [false, true] {
      var name = statements.name(of: key)
      if name == nil {
        let failure = try prepare(key, patience)
        if let failure { return failure }
        name = statements.name(of: key)
      }
      guard let name else { break }
      let result = try run(sql, patience) { connection in
        parameters.send { PQsendQueryPrepared(connection, name, $0, $1, $2, $3, 0) }
      }
      guard result.isOfStalePlan else { return result }
      statements.forget(key)
      // The server refused before it executed anything; but inside a transaction that one is lost now.
      guard !isRetry, wire?.transactionStatus == PQTRANS_IDLE else { return result }
      try deallocate(name, patience)
    }
    return try executeOnce(sql, parameters, patience)
  }

  /// Returns the server's error, if it would not.
  private func prepare(_ key: StatementCache.Key, _ patience: Wire.Patience) throws -> Result? {
    var patience = patience
    patience.effect = .none
    let (name, evicted) = statements.admit(key)
    if let evicted { try deallocate(evicted, patience) }
    do {
      let result = try run(key.sql, patience) { PQsendPrepare($0, name, key.sql, Int32(key.types.count), key.types) }
      if result.isError { statements.forget(key) }
      return result.isError ? result : nil
    } catch {
      statements.forget(key)
      throw error
    }
  }

  /// An error needs no report: the statement is gone then already.
  private func deallocate(_ name: String, _ patience: Wire.Patience) throws {
    _ = try run("DEALLOCATE", patience) { PQsendQuery($0, "DEALLOCATE \(name)") }
  }

  /// Sends and waits. On a broken connection it closes this one and throws.
  func run(_ sql: String, _ patience: Wire.Patience, send: (OpaquePointer) -> Int32) throws -> Result {
    guard let wire else { throw unsent("the connection is closed", sql) }
    let isIdle = wire.transactionStatus == PQTRANS_IDLE
    if isIdle, !wire.isAlive {
      defer { close() }
      throw unsent("the connection was lost while idle: \(wire.complaint)", sql)
    }
    do {
      let result = try wire.run(patience, send: send)
      thread.isReusable = wire.transactionStatus == PQTRANS_IDLE
      return result
    } catch var error as PostgresError {
      error.query = sql
      if wire.isBroken {
        error.mayHaveCommitted = patience.effect == .commit || (patience.effect == .ownTransaction && isIdle)
        close()
      }
      throw error
    }
  }

  private func unsent(_ message: String, _ sql: String) -> PostgresError {
    var error = PostgresError(.connectionLost, message, query: sql)
    error.isUnsent = true
    return error
  }
}
