/// What went wrong, and with which statement.
package struct PostgresError: Error, Sendable, CustomStringConvertible {
  /// Who or what stopped the work.
  package enum Kind: Sendable, Hashable {
    /// The server refused a statement, or it would have and was not asked; `sqlState` says why.
    case server
    /// The connection broke, or had been closed.
    case connectionLost
    /// No connection could be made.
    case couldNotConnect
    /// The statement took longer than its deadline.
    case deadline
    /// The task was cancelled.
    case cancelled
    /// A value has another type than the one asked for.
    case decoding
    /// No connection of the pool became free within the acquire deadline.
    case poolExhausted
    /// The pool has been closed.
    case poolClosed
  }

  /// Who or what stopped the work.
  package var kind: Kind
  /// Five characters, listed in appendix A of PostgreSQL's manual. Nil where the server said nothing.
  package var sqlState: String?
  /// What happened, in one line.
  package var message: String
  /// More about it, from the server.
  package var detail: String?
  /// What to do about it, from the server.
  package var hint: String?
  /// Where in functions and data it happened, from the server.
  package var context: String?
  /// The constraint that was violated.
  package var constraint: String?
  /// The text of the statement, without its parameters.
  package var query: String?
  /// True when a statement that may have changed something for good was on its way and its answer never came: a COMMIT, or
  /// any statement outside a transaction. False means that nothing of it was kept.
  package var mayHaveCommitted = false
  /// The statement never left this process, so that it may be sent again on another connection.
  var isUnsent = false

  /// An error of this kind.
  package init(_ kind: Kind, _ message: String, sqlState: String? = nil, query: String? = nil) {
    self.kind = kind
    self.message = message
    self.sqlState = sqlState
    self.query = query
  }

  /// Everything known, for logs. The detail may quote data.
  package var description: String {
    var text = "postgres: \(kind)"
    if let sqlState { text += " \(sqlState)" }
    text += ": \(message)"
    for (name, value) in [("detail", detail), ("hint", hint), ("context", context), ("query", shortQuery)] {
      if let value { text += "; \(name): \(value)" }
    }
    if mayHaveCommitted { text += "; it may have been committed" }
    return text
  }

  /// A migration's script would bury the reason.
  private var shortQuery: String? {
    query.map { $0.utf8.count <= 300 ? $0 : String($0.prefix(300)) + " …" }
  }
}
