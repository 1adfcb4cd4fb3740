import CLibPQ

/// Statements over libpq's extended protocol, and scripts over the simple one.
extension Connection {
  func run(_ query: Query, _ deadline: Deadline) throws -> Rows {
    do {
      try checkIdle()
      if query.parameters.isEmpty { return try runUnprepared(query, deadline) }
      return try runPrepared(query, deadline)
    } catch var error as PostgresError {
      error.query = query.sql
      throw error
    }
  }

  func runScript(_ script: String, _ deadline: Deadline) throws {
    try checkIdle()
    guard PQsendQuery(handle, script) == 1 else { throw lost() }
    _ = try finish(deadline)
  }

  private func runUnprepared(_ query: Query, _ deadline: Deadline) throws -> Rows {
    guard PQsendQueryParams(handle, query.sql, 0, nil, nil, nil, nil, 0) == 1 else { throw lost() }
    return try finish(deadline)
  }

  private func runPrepared(_ query: Query, _ deadline: Deadline) throws -> Rows {
    let key = PreparedStatements.Key(sql: query.sql, types: query.parameters.map(\.type))
    let wasPrepared = statements[key] != nil
    do {
      return try send(query, name: try prepare(key, deadline), deadline)
    } catch let error as PostgresError where wasPrepared && error.isStalePlan && PQtransactionStatus(handle) == PQTRANS_IDLE {
      // A read model was swapped under the statement, or the server forgot it: prepare anew. Inside a transaction the
      // caller must start over, for PostgreSQL has aborted it.
      statements.remove(key)
      return try send(query, name: try prepare(key, deadline), deadline)
    } catch let error as PostgresError where error.isStalePlan {
      statements.remove(key)
      throw error
    }
  }

  private func prepare(_ key: PreparedStatements.Key, _ deadline: Deadline) throws -> String {
    if let name = statements[key] { return name }
    if statements.isFull {
      _ = try runUnprepared("DEALLOCATE ALL", deadline)
      statements.removeAll()
    }
    let name = statements.add(key)
    do {
      guard PQsendPrepare(handle, name, key.sql, Int32(key.types.count), key.types) == 1 else { throw lost() }
      _ = try finish(deadline)
    } catch {
      statements.remove(key)
      throw error
    }
    return name
  }

  private func send(_ query: Query, name: String, _ deadline: Deadline) throws -> Rows {
    let parameters = query.parameters
    // One buffer for all values, each followed by the NUL that libpq wants of texts.
    var bytes: [CChar] = []
    var offsets: [Int?] = []
    for parameter in parameters {
      offsets.append(parameter.bytes == nil ? nil : bytes.count)
      parameter.bytes?.withUnsafeBytes { bytes.append(contentsOf: $0.bindMemory(to: CChar.self)) }
      bytes.append(0)
    }
    let lengths = parameters.map { Int32($0.bytes?.count ?? 0) }
    let formats = parameters.map(\.format.rawValue)
    let sent = bytes.withUnsafeBufferPointer { buffer in
      let values = offsets.map { offset in offset.flatMap { buffer.baseAddress?.advanced(by: $0) } }
      return PQsendQueryPrepared(handle, name, Int32(parameters.count), values, lengths, formats, 0)
    }
    guard sent == 1 else { throw lost() }
    return try finish(deadline)
  }

  /// Takes in all results of what was sent; the last one's rows, or the first error.
  private func finish(_ deadline: Deadline) throws -> Rows {
    try flush(deadline)
    var rows: Rows?
    var failure: PostgresError?
    var cancellation: PostgresError?
    while let result = try nextResult(deadline, &cancellation) {
      defer { PQclear(result) }
      switch PQresultStatus(result) {
      case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: rows = Rows(result)
      default: failure = failure ?? PostgresError(result, isConnectionLost: PQstatus(handle) == CONNECTION_BAD)
      }
    }
    if let failure {
      if failure.kind == .connectionLost { drop() }
      // A statement that was cancelled says so with 57014; one that ended in time before it was hit keeps its result.
      if failure.sqlState == "57014", let cancellation { throw cancellation }
      throw failure
    }
    guard let rows else { throw PostgresError(.connectionLost, "the server sent no result", mayHaveCommitted: true) }
    return rows
  }
}

extension PostgresError {
  init(_ result: OpaquePointer, isConnectionLost: Bool) {
    func field(_ code: Character) -> String? {
      code.asciiValue.flatMap { PQresultErrorField(result, Int32($0)) }.map { String(cString: $0) }
    }
    let message = field("M") ?? String(cString: PQresultErrorMessage(result))
    self.init(
      isConnectionLost ? .connectionLost : .server, message, sqlState: field("C"), mayHaveCommitted: isConnectionLost)
    detail = field("D")
    hint = field("H")
  }

  /// "cached plan must not change result type", or a prepared statement that isn't there any more.
  fileprivate var isStalePlan: Bool { sqlState == "0A000" && message.contains("cached plan") || sqlState == "26000" }
}
