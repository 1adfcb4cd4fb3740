/// Why events were not taken or not delivered.
public enum RecountError: Error, Sendable, Hashable {
  /// The client can't work with this configuration; the text says what is allowed.
  case invalidConfiguration(String)
  /// A response time that is no decimal number; the text is what was given.
  case invalidResponseTime(String)
  /// The buffer holds as much as it may: the server is away or slower than the events come.
  case bufferFull(limit: Int)
  /// ``RecountClient/shutdown()`` was called.
  case closed
  /// The server refuses the key (401 or 403).
  case unauthorized(ServerProblem)
  /// The server can't read the request as a whole (400, 413, …) and never will.
  case rejected(ServerProblem)
  /// The answer is not one that a Recount server gives.
  case unexpectedAnswer(status: Int)
  /// All attempts within the ``RetryPolicy`` failed; what the last one met.
  case undeliverable(attempts: Int, last: String)
  /// The caller's task was cancelled. The batch may or may not have been counted: sending it again is safe.
  case cancelled

  /// Whether the same batch would meet the same end for ever.
  public var isFinal: Bool {
    if case .rejected = self { true } else { false }
  }
}

extension RecountError: CustomStringConvertible {
  /// What went wrong and what to do, in a sentence.
  public var description: String {
    switch self {
    case .invalidConfiguration(let text): text
    case .invalidResponseTime(let text): "the response time is \(text): give a finite number of milliseconds"
    case .bufferFull(let limit): "\(limit) events wait for the server, the buffer's limit: try again later"
    case .closed: "the client was shut down: make a new one"
    case .unauthorized(let problem): "the server refuses the api key: \(problem)"
    case .rejected(let problem): "the server can't take the request: \(problem)"
    case .unexpectedAnswer(let status):
      "status \(status) without a receipt is no answer of a Recount server: check the url"
    case .undeliverable(let attempts, let last): "not delivered after \(attempts) attempts: \(last)"
    case .cancelled: "cancelled before the server answered: send the same batch again"
    }
  }
}

/// A problem document (RFC 9457), as far as people need it.
public struct ServerProblem: Error, Sendable, Hashable, Codable {
  /// The HTTP status.
  public var status: Int
  /// The URI of the problem's kind; stable.
  public var type: String?
  /// The same for every occurrence.
  public var title: String?
  /// This occurrence.
  public var detail: String?
}

extension ServerProblem: CustomStringConvertible {
  /// Detail, or title, or what is left.
  public var description: String { "\(detail ?? title ?? "no reason given") (status \(status))" }
}
