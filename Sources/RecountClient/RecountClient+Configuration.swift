import AsyncHTTPClient
public import Foundation
import NIOCore

extension RecountClient {
  /// How a client reaches its server, how it batches, and whom it tells.
  public struct Configuration: Sendable {
    /// Where the server is, for example `http://127.0.0.1:8080`; `/api/v1/track` is added.
    public var url: URL
    /// The project's API key, `sk_live_…` or `sk_test_…`. Sent as a header, never logged.
    public var key: String
    /// Events per request, 1…5,000 (the server's limit). 500 keeps a request near 100 kB, where its fixed cost no longer shows.
    public var batchSize = 500
    /// The longest that an event waits for its batch to fill.
    public var flushInterval: Duration = .seconds(1)
    /// Events held while the server can't be reached, before ``RecountClient/track(_:)`` throws.
    public var bufferLimit = 50_000
    /// How long one attempt may take, from the first byte out to the last byte in.
    public var attemptTimeout: Duration = .seconds(30)
    /// When to try again.
    public var retry = RetryPolicy()
    /// Told of every batch that ``RecountClient/track(_:)`` filled: what the server answered, or why it has none.
    public var onDelivery: (@Sendable (DeliveryReport) -> Void)?
    /// Told before each wait for another attempt.
    public var onRetry: (@Sendable (RetryNotice) -> Void)?

    /// A configuration with the defaults above.
    public init(url: URL, key: String) {
      self.url = url
      self.key = key
    }

    func check() throws(RecountError) {
      guard let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme), url.host() != nil else {
        throw .invalidConfiguration("the server's url is \(url.absoluteString): write it as http(s)://host:port")
      }
      // A line break in a header would be another header.
      guard !key.isEmpty, key.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
        throw .invalidConfiguration("the api key is empty or holds spaces or other signs: copy it as it was shown")
      }
      guard (1...TrackBatch.eventLimit).contains(batchSize) else {
        throw .invalidConfiguration("the batch size is \(batchSize): allowed are 1 to \(TrackBatch.eventLimit) events")
      }
      guard bufferLimit >= batchSize else {
        throw .invalidConfiguration("the buffer's limit is \(bufferLimit): allowed is \(batchSize), a batch, or more")
      }
    }

    var trackURL: String { url.appending(path: "api/v1/track").absoluteString }
  }
}

extension HTTPClient.Configuration {
  init(_ configuration: RecountClient.Configuration) {
    self.init(redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5)))
    // Its own silent retries would hide from our policy, and from onRetry, that the server is down.
    connectionPool.retryConnectionEstablishment = false
  }
}
