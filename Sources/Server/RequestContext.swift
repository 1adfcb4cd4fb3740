package import Hummingbird
import Logging
import NIOCore

/// What a request carries on its way through the server.
package struct RecountContext: RequestContext {
  /// Hummingbird's own.
  package var coreContext: CoreRequestContextStorage
  /// In the response's `X-Request-Id`, in problem documents and in the log.
  package let requestID: String
  /// The network address of the socket's other end; nil where there is no socket.
  package let peerAddress: String?
  /// Whether anybody waits for the answer still.
  let presence: Presence

  /// Made by the server for every request.
  package init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    presence = Presence(source.channel)
    peerAddress = source.channel.remoteAddress?.ipAddress
    requestID = source.logger[metadataKey: "hb.request.id"].map { "\($0)" } ?? "\(RequestID())"
  }
}
