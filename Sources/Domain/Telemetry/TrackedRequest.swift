public import Foundation

/// One API request, as a customer reported it and Recount recorded it.
public struct TrackedRequest: Hashable, Sendable {
  /// The path as it was sent, query and all.
  public let endpoint: String
  /// The endpoint with ids replaced; see `PathTemplate`.
  public let template: String
  /// The request method.
  public let method: TrackedMethod
  /// The HTTP status, 100…599.
  public let statusCode: Int
  /// Nanoseconds, so that the milliseconds as sent are exact to six decimals and sums of them do not depend on
  /// their order. Further decimals were rounded half to even.
  public let responseTimeNanoseconds: Int64
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let timestampMilliseconds: Int64
  /// The id the customer gave this event to have it counted exactly once. Not part of the encoding.
  public let eventID: UUID?

  /// A request of values already known to be allowed, for tests and imports; `TrackBody.decode` is where strangers'
  /// values are checked. The template is worked out here.
  public init(
    endpoint: String, method: TrackedMethod, statusCode: Int, responseTimeNanoseconds: Int64,
    timestampMilliseconds: Int64, eventID: UUID? = nil
  ) {
    self.init(
      endpoint: endpoint, template: PathTemplate.template(of: endpoint), method: method, statusCode: statusCode,
      responseTimeNanoseconds: responseTimeNanoseconds, timestampMilliseconds: timestampMilliseconds,
      eventID: eventID)
  }

  init(
    endpoint: String, template: String, method: TrackedMethod, statusCode: Int, responseTimeNanoseconds: Int64,
    timestampMilliseconds: Int64, eventID: UUID?
  ) {
    self.endpoint = endpoint
    self.template = template
    self.method = method
    self.statusCode = statusCode
    self.responseTimeNanoseconds = responseTimeNanoseconds
    self.timestampMilliseconds = timestampMilliseconds
    self.eventID = eventID
  }

  /// The calendar month in UTC that the request is counted in, such as `2026-11`.
  public var month: String { CalendarMonth(milliseconds: timestampMilliseconds).description }
}
