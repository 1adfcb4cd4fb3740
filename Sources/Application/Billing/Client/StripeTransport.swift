import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// One call over HTTP, tried once.
final class StripeTransport: Sendable {
  private let http: HTTPClient

  /// Larger than any object of Stripe's: a list of a hundred events.
  private static let longestAnswer = 8_000_000

  init() {
    var configuration = HTTPClient.Configuration()
    // Stripe has none; the key must not follow one.
    configuration.redirectConfiguration = .disallow
    configuration.timeout.connect = .seconds(5)
    http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  // The HTTP client insists on being shut down.
  deinit { http.shutdown { _ in } }

  struct Sent: Sendable {
    var method: String
    var url: String
    var headers: [(String, String)]
    var body: String?
    var seconds: Int64
  }

  struct Came: Sendable {
    var status: Int
    /// By name in lower case.
    var headers: [String: String]
    var body: [UInt8]
  }

  func send(_ sent: Sent) async throws -> Came {
    var request = HTTPClientRequest(url: sent.url)
    request.method = HTTPMethod(rawValue: sent.method)
    for (name, value) in sent.headers { request.headers.add(name: name, value: value) }
    if let body = sent.body { request.body = .bytes(ByteBuffer(string: body)) }
    let answer = try await http.execute(request, timeout: .seconds(sent.seconds))
    let body = try await answer.body.collect(upTo: Self.longestAnswer)
    var headers: [String: String] = [:]
    for (name, value) in answer.headers { headers[name.lowercased()] = value }
    return Came(status: Int(answer.status.code), headers: headers, body: Array(body.readableBytesView))
  }
}
