public import Hummingbird
import Logging

/// What a request carries on its way through the server.
public struct RecountContext: RequestContext {
  /// Hummingbird's own.
  public var coreContext: CoreRequestContextStorage
  /// In the response's `X-Request-Id`, in problem documents and in the log.
  public let requestID: String

  /// Made by the server for every request.
  public init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    requestID = source.logger[metadataKey: "hb.request.id"].map { "\($0)" } ?? "\(RequestID())"
  }
}
