import CLibPQ

/// What a statement takes and gives, as the server reads it: found out without running it.
package struct StatementDescription: Sendable, Equatable {
  /// The types' oids of `$1`, `$2`, …
  package let parameters: [UInt32]
  /// The columns of its rows, in order.
  package let columns: [Column]

  /// A column of a statement's rows. Whether it can be NULL the server does not say.
  package struct Column: Sendable, Equatable {
    /// Its name.
    package let name: String
    /// The oid of its type.
    package let type: UInt32
  }
}

extension Connection {
  /// Prepares a statement and tells what it takes and gives; nothing is run, and nothing stays behind. Throws `PostgresError` with
  /// what is wrong with it.
  package func describe(_ sql: String, deadline: Duration? = nil) async throws -> StatementDescription {
    try await interruptible {
      var patience = patience(deadline)
      patience.effect = .none
      // The unnamed statement: the next one takes its place.
      let prepared = try run(sql, patience) { PQsendPrepare($0, "", sql, 0, nil) }
      if prepared.isError { throw prepared.error(query: sql) }
      let described = try run(sql, patience) { PQsendDescribePrepared($0, "") }
      if described.isError { throw described.error(query: sql) }
      return StatementDescription(described)
    }
  }
}

extension StatementDescription {
  fileprivate init(_ result: Result) {
    parameters = (0..<PQnparams(result.pointer)).map { PQparamtype(result.pointer, $0) }
    columns = result.columns.enumerated().map { Column(name: $1, type: PQftype(result.pointer, Int32($0))) }
  }
}
