public import Foundation

/// One API request that you served.
public struct TrackEvent: Sendable, Hashable {
  /// The path that was asked for, `/` first, at most 2,048 bytes of UTF-8.
  public var endpoint: String
  /// An HTTP method of RFC 9110 or PATCH, in upper case.
  public var method: String
  /// The HTTP status that was answered, 100…599.
  public var statusCode: Int
  /// How long the answer took, at most an hour.
  public var responseTime: ResponseTime
  /// When it happened. The server takes the last 35 days, and 5 minutes of clocks that are ahead.
  public var timestamp: Timestamp

  /// An event. Its values are checked by the server, which says of each event what is wrong with it.
  public init(
    endpoint: String, method: String, statusCode: Int, responseTime: ResponseTime, timestamp: Timestamp = .now
  ) {
    self.endpoint = endpoint
    self.method = method
    self.statusCode = statusCode
    self.responseTime = responseTime
    self.timestamp = timestamp
  }

  /// An event whose response time is a number of milliseconds.
  /// - Throws: ``RecountError/invalidResponseTime(_:)`` when it is infinite, not a number, or beyond an exact decimal.
  public init(
    endpoint: String, method: String, statusCode: Int, responseTimeMilliseconds: Double, timestamp: Date = Date()
  ) throws(RecountError) {
    guard let responseTime = ResponseTime(milliseconds: responseTimeMilliseconds) else {
      throw .invalidResponseTime("\(responseTimeMilliseconds)")
    }
    self.init(
      endpoint: endpoint, method: method, statusCode: statusCode, responseTime: responseTime,
      timestamp: Timestamp(timestamp))
  }
}
