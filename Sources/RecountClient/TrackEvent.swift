public import Foundation

/// One API request that you served.
public struct TrackEvent: Sendable, Hashable {
  /// The path that was asked for, `/` first, at most 2,048 bytes of UTF-8; of `OPTIONS *` and of CONNECT, their target.
  public var endpoint: String
  /// The HTTP method: any token of RFC 9110, of at most 40 bytes.
  public var method: String
  /// The HTTP status that was answered, 100…599.
  public var statusCode: Int
  /// How long the answer took, at most an hour. Nil where you do not know, which is not 0.
  public var responseTime: ResponseTime?
  /// When it happened. The server takes the last 35 days, and 5 minutes of clocks that are ahead.
  public var timestamp: Timestamp
  /// Who called: an id or a name of your choice, at most 128 characters. It stays in the log for good: a person's e-mail address does
  /// not belong here.
  public var consumer: String?
  /// Bytes of the request's body, at most 10^12.
  public var requestBytes: Int64?
  /// Bytes of the answer's body, at most 10^12.
  public var responseBytes: Int64?
  /// Your own version that answered, at most 128 characters.
  public var release: String?
  /// What went wrong: the name of a class, or a code, at most 128 characters.
  public var error: String?

  /// An event. Its values are checked by the server, which says of each event what is wrong with it.
  public init(
    endpoint: String, method: String, statusCode: Int, responseTime: ResponseTime? = nil, timestamp: Timestamp = .now,
    consumer: String? = nil, requestBytes: Int64? = nil, responseBytes: Int64? = nil, release: String? = nil,
    error: String? = nil
  ) {
    self.endpoint = endpoint
    self.method = method
    self.statusCode = statusCode
    self.responseTime = responseTime
    self.timestamp = timestamp
    self.consumer = consumer
    self.requestBytes = requestBytes
    self.responseBytes = responseBytes
    self.release = release
    self.error = error
  }

  /// An event whose response time is a number of milliseconds.
  /// - Throws: ``RecountError/invalidResponseTime(_:)`` when it is infinite, not a number, or beyond an exact decimal.
  public init(
    endpoint: String, method: String, statusCode: Int, responseTimeMilliseconds: Double, timestamp: Date = Date(),
    consumer: String? = nil, requestBytes: Int64? = nil, responseBytes: Int64? = nil, release: String? = nil,
    error: String? = nil
  ) throws(RecountError) {
    guard let responseTime = ResponseTime(milliseconds: responseTimeMilliseconds) else {
      throw .invalidResponseTime("\(responseTimeMilliseconds)")
    }
    self.init(
      endpoint: endpoint, method: method, statusCode: statusCode, responseTime: responseTime,
      timestamp: Timestamp(timestamp), consumer: consumer, requestBytes: requestBytes, responseBytes: responseBytes,
      release: release, error: error)
  }
}
