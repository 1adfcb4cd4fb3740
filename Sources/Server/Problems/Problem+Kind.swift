public import Hummingbird

extension Problem {
  /// Every kind of problem there is. The raw value is part of the public contract.
  public enum Kind: String, Sendable, CaseIterable {
    case malformedBody = "malformed-body"
    case invalidEvent = "invalid-event"
    case invalidParameter = "invalid-parameter"
    case missingKey = "missing-key"
    case malformedKey = "malformed-key"
    case unknownKey = "unknown-key"
    case revokedKey = "revoked-key"
    case missingScope = "missing-scope"
    case missingToken = "missing-token"
    case invalidToken = "invalid-token"
    case sessionEnded = "session-ended"
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case projectNotFound = "project-not-found"
    /// Not an error: names the outcome of a single event in an answer.
    case duplicateEvent = "duplicate-event"
    case eventIDConflict = "event-id-conflict"
    case bodyTooLarge = "body-too-large"
    case unsupportedEncoding = "unsupported-encoding"
    case quotaExceeded = "quota-exceeded"
    case overloaded
    case databaseUnavailable = "database-unavailable"
    case outcomeUnknown = "outcome-unknown"
    case projectionStopped = "projection-stopped"
    case internalError = "internal-error"

    /// The HTTP status of its answers.
    public var status: HTTPResponse.Status {
      switch self {
      case .malformedBody, .invalidEvent, .invalidParameter: .badRequest
      case .missingKey, .malformedKey, .unknownKey, .revokedKey: .unauthorized
      case .missingToken, .invalidToken, .sessionEnded: .unauthorized
      case .missingScope: .forbidden
      case .notFound, .projectNotFound: .notFound
      case .methodNotAllowed: .methodNotAllowed
      case .eventIDConflict, .duplicateEvent: .conflict
      case .bodyTooLarge: .contentTooLarge
      case .unsupportedEncoding: .unsupportedMediaType
      case .quotaExceeded: .tooManyRequests
      case .overloaded, .databaseUnavailable, .outcomeUnknown, .projectionStopped: .serviceUnavailable
      case .internalError: .internalServerError
      }
    }

    /// The same for every occurrence.
    public var title: String {
      switch self {
      case .malformedBody: "The body can't be read"
      case .invalidEvent: "The event is not valid"
      case .invalidParameter: "A parameter is not valid"
      case .missingKey: "An API key is needed"
      case .malformedKey: "This can't be an API key"
      case .unknownKey: "The API key is not known"
      case .revokedKey: "The API key has been revoked"
      case .missingScope: "The API key does not open this"
      case .missingToken: "An access token is needed"
      case .invalidToken: "The access token is not valid"
      case .sessionEnded: "The session is over"
      case .notFound: "There is nothing here"
      case .methodNotAllowed: "The method is not allowed here"
      case .projectNotFound: "There is no such project"
      case .duplicateEvent: "The event had been recorded before"
      case .eventIDConflict: "The id was used for another event"
      case .bodyTooLarge: "The body is too large"
      case .unsupportedEncoding: "The content encoding is not supported"
      case .quotaExceeded: "The month's quota is used up"
      case .overloaded: "Too much is waiting"
      case .databaseUnavailable: "The database can't be reached"
      case .outcomeUnknown: "It is not known whether the events were recorded"
      case .projectionStopped: "The numbers are not available"
      case .internalError: "Something went wrong here"
      }
    }
  }
}
