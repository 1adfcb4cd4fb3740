/// Why a statement or a connection failed.
public struct PostgresError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Kind: Sendable, Equatable {
    /// PostgreSQL refused the statement; see `sqlState`.
    case server
    /// The connection broke.
    case connectionLost
    /// No connection could be made.
    case couldNotConnect
    /// It took longer than allowed.
    case deadline
    /// The task was cancelled.
    case cancelled
    /// A result is not of the type asked for, or a value can't be sent.
    case decoding
    /// All connections stayed busy for the whole acquire deadline.
    case poolExhausted
    /// The pool has been closed.
    case poolClosed
  }

  /// What kind of failure it is.
  public var kind: Kind
  /// PostgreSQL's five-character code, where it gave one.
  public var sqlState: String?
  /// In words.
  public var message: String
  /// PostgreSQL's detail, if any.
  public var detail: String?
  /// PostgreSQL's hint, if any.
  public var hint: String?
  /// The statement's text; its parameters are never kept.
  public var query: String?
  /// Whether the statement had been sent and its end is not known: it may have been committed.
  public var mayHaveCommitted = false

  /// A failure.
  public init(_ kind: Kind, _ message: String, sqlState: String? = nil, mayHaveCommitted: Bool = false) {
    self.kind = kind
    self.message = message
    self.sqlState = sqlState
    self.mayHaveCommitted = mayHaveCommitted
  }

  /// Everything known, on one line.
  public var description: String {
    var parts = ["\(kind)"]
    if let sqlState { parts.append("SQLSTATE \(sqlState)") }
    parts.append(message)
    if let detail { parts.append("detail: \(detail)") }
    if let hint { parts.append("hint: \(hint)") }
    if let query { parts.append("statement: \(query.prefix(200).split(whereSeparator: \.isWhitespace).joined(separator: " "))") }
    return parts.joined(separator: "; ")
  }
}
