import Application
import Domain
import EventLog
import HTTPTypes
import Hummingbird
import NIOCore
import Postgres

extension Problem {
  /// The one place where errors of the inner targets become problems. Nil for an error that nobody expected: it is logged whole
  /// and shown as `internal-error`.
  init?(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let error as TrackBodyError: self.init(error)
    case let error as Account.Failure: self.init(error)
    case let error as Project.Failure: self.init(error)
    case let error as GatherError: self.init(error)
    case LogError.contended:
      self.init(
        .overloaded,
        "others changed the same thing again and again meanwhile; nothing was recorded: send it again shortly",
        headers: [.retryAfter: "1"])
    case LogError.archived(let month):
      self.init(
        .invalidParameter, LogError.archived(month: month).description,
        members: ["field": "from", "archived_month": .string(month)])
    case let error as PostgresError: self.init(error)
    case let error as HTTPError: self.init(error)
    case let error as ProofError: self.init(error)
    case let missing as ReadModelMissing: self = .projectionStopped("the read model \(missing.projection) has not")
    case let dense as RequestsTooDense:
      self.init(
        .overloaded,
        "so many requests are of about \(dense.time) that it takes longer than it may to tell which are the latest: ask for fewer of "
          + "them, such as of one template, status or key, or for a span that ends before", headers: [.retryAfter: "10"]
      )
    case is ArchiveError:
      self.init(
        .projectionStopped,
        "this lies in a month of the log that has been archived, and this server can't read the archive: tell its operator",
        headers: [.retryAfter: "600"])
    case is NIOTooManyBytesError: self = .bodyTooLarge(limit: TrackLimits.standard.bodyBytes)
    default:
      guard let problem = Problem(access: error) ?? Problem(billing: error) ?? Problem(notices: error) else {
        return nil
      }
      self = problem
    }
  }

  static func bodyTooLarge(limit: Int) -> Problem {
    Problem(
      .bodyTooLarge, "the body, decompressed, has more than the \(limit) bytes allowed: send fewer events in a call",
      members: ["limit_bytes": .integer(limit)])
  }

  private init(_ error: TrackBodyError) {
    if case .tooLarge(_, let allowed) = error {
      self = .bodyTooLarge(limit: allowed)
      return
    }
    self.init(
      .malformedBody, error.description,
      members: ["place": .string(error.place), "found": .string(error.found), "allowed": .string(error.allowed)])
  }

  private init(_ error: GatherError) {
    switch error {
    case .overloaded:
      self.init(
        .overloaded,
        "too many events of this account are waiting to be recorded; none of this request was kept: send it again shortly, and "
          + "fewer requests at a time", headers: [.retryAfter: "1"])
    case .unavailable:
      self.init(
        .databaseUnavailable,
        "the events could not be recorded now: send the same request, with the same ids, again shortly",
        headers: [.retryAfter: "1"])
    case .outcomeUnknown:
      self.init(
        .outcomeUnknown,
        "the connection to the database broke during the commit; events without event_id or batch_id may or may not have been "
          + "recorded: give events an id, then sending them again is always safe", headers: [.retryAfter: "1"])
    case .rejected(let error):
      self.init(
        .invalidEvent, "the database can't store this: \((error as? PostgresError)?.message ?? "unknown reason")")
    }
  }

  static func projectionStopped(_ what: String) -> Problem {
    Problem(
      .projectionStopped, "\(what) been built yet: is `recount projector` running?", headers: [.retryAfter: "2"])
  }

  private init?(_ error: PostgresError) {
    // Undefined table and schema: nobody has installed the read models yet.
    if error.sqlState == "42P01" || error.sqlState == "3F000" {
      self = .projectionStopped("the read models have not")
      return
    }
    // Undefined column: a read model that an older release built, which lacks what this one reads.
    if error.sqlState == "42703" {
      self.init(
        .projectionStopped,
        "the read model is of an older release and is being rebuilt: is `recount projector` of this release running?",
        headers: [.retryAfter: "10"])
      return
    }
    // All of a pool's connections are taken, or a statement took longer than it may (57014, query_canceled): neither is the database's fault.
    switch (error.kind, error.sqlState) {
    case (.poolExhausted, _):
      self.init(.overloaded, "too much is being asked at once: try again shortly", headers: [.retryAfter: "2"])
      return
    case (.deadline, _), (_, "57014"):
      self.init(
        .overloaded, "the answer took longer than it may: ask for less, such as a shorter span, or try again later",
        headers: [.retryAfter: "10"])
      return
    default: break
    }
    // Class 08, 53 and 57: connection, resources, operator intervention. They pass.
    let passing = error.sqlState.map { ["08", "53", "57"].contains($0.prefix(2)) } ?? (error.kind != .decoding)
    guard passing else { return nil }
    self.init(.databaseUnavailable, "the database can't be reached now: try again shortly", headers: [.retryAfter: "1"])
  }

  private init(_ error: ProofError) {
    switch error {
    case .noCheckpoint: self.init(.notFound, error.description)
    case .notCovered: self.init(.invalidParameter, error.description)
    }
  }

  private init?(_ error: HTTPError) {
    switch error.status {
    case .notFound: self.init(.notFound, "no route is served at this path: see /openapi.json for those that are")
    case .methodNotAllowed: self.init(.methodNotAllowed, "see /openapi.json for the methods served at this path")
    case .contentTooLarge: self = .bodyTooLarge(limit: TrackLimits.standard.bodyBytes)
    case .badRequest: self.init(.invalidParameter, error.body ?? "the request can't be read")
    default: return nil
    }
  }
}

extension HTTPField.Name {
  /// Draft-ietf-httpapi-ratelimit-headers: what is left.
  static var rateLimit: HTTPField.Name { literal("RateLimit") }
  /// Draft-ietf-httpapi-ratelimit-headers: what is allowed.
  static var rateLimitPolicy: HTTPField.Name { literal("RateLimit-Policy") }
  /// What a response and its line in the server's log have in common.
  static var requestID: HTTPField.Name { literal("X-Request-Id") }

  private static func literal(_ name: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no field name") }
    return name
  }
}
