package import Foundation

/// One API request, as a customer reported it and Recount recorded it.
package struct TrackedRequest: Hashable, Sendable {
  /// The path as it was sent, query and all; of `OPTIONS *` and of CONNECT, their target (``TargetForm``).
  package internal(set) var endpoint = ""
  /// The endpoint with ids replaced; see `PathTemplate`.
  package internal(set) var template = ""
  /// The request method.
  package internal(set) var method = TrackedMethod.get
  /// The HTTP status, 100…599.
  package internal(set) var statusCode = 0
  /// Nanoseconds, so that the milliseconds as sent are exact to six decimals and sums of them do not depend on
  /// their order. Further decimals were rounded half to even. Nil where nobody knows it, which is not 0.
  package internal(set) var responseTimeNanoseconds: Int64?
  /// When it was served, to the millisecond.
  package internal(set) var timestamp = Instant.epoch
  /// Who called: an id or a name of the customer's choice.
  package internal(set) var consumer: String?
  /// Bytes of the request's body, as the customer counts them.
  package internal(set) var requestBytes: Int64?
  /// Bytes of the answer's body, as the customer counts them.
  package internal(set) var responseBytes: Int64?
  /// The customer's own version that served it.
  package internal(set) var release: String?
  /// What went wrong: the name of a class, or a code.
  package internal(set) var error: String?
  /// The id the customer gave this event to have it counted exactly once. Not part of the encoding.
  package internal(set) var eventID: UUID?

  /// A request of values already known to be allowed, for tests and imports; `TrackBody.decode` is where strangers'
  /// values are checked. The template is worked out here.
  package init(
    endpoint: String, method: TrackedMethod, statusCode: Int, responseTimeNanoseconds: Int64?,
    timestamp: Instant, consumer: String? = nil, requestBytes: Int64? = nil, responseBytes: Int64? = nil,
    release: String? = nil, error: String? = nil, eventID: UUID? = nil
  ) {
    self.endpoint = endpoint
    template = PathTemplate.template(of: endpoint)
    self.method = method
    self.statusCode = statusCode
    self.responseTimeNanoseconds = responseTimeNanoseconds
    self.timestamp = timestamp
    self.consumer = consumer
    self.requestBytes = requestBytes
    self.responseBytes = responseBytes
    self.release = release
    self.error = error
    self.eventID = eventID
  }

  /// Nothing yet: for the decoder, which reads each field into it.
  init() {}

  /// The calendar month in UTC that the request is counted in, such as `2026-11`.
  package var month: String { CalendarMonth(of: timestamp).description }
}
