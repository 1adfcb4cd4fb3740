import Application
import Domain
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

/// The HTTP edge: what stands between sockets and routes, so that nobody needs an account, or much of a network, to take the server away
/// from others.
///
/// The way of a connection:
/// 1. ``AcceptPause``: the listening socket rests when there are no file descriptors;
/// 2. ``ConnectionTable``: it is counted, by address and in all, or refused;
/// 3. ``ConnectionGuard``: its requests are held against the rules of HTTP, the clock and the memory for bodies;
/// 4. Hummingbird, and the routes; what they answer is completed by ``AnswerHeaders`` on its way out.
///
/// All limits stand in ``ServerLimits``.
struct Edge: Sendable {
  private let limits: ServerLimits
  private let headers: AnswerHeaders
  private let logger: Logger
  let connections: ConnectionTable

  init(_ limits: ServerLimits, isSecure: Bool, proxies: TrustedProxies, logger: Logger) {
    self.limits = limits
    self.logger = logger
    headers = AnswerHeaders(isSecure: isSecure)
    connections = ConnectionTable(limits, proxies: proxies, budget: BodyBudget(limits), logger: logger)
  }

  /// Hummingbird's server, behind this edge.
  var server: HTTPServerBuilder {
    HTTPServerBuilder { responder in
      var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
      decoder.maxHeaderFieldSize = limits.headBytes
      decoder.maxHeaderListSize = limits.headBytes
      decoder.maxHeaderFieldCount = limits.headFields
      let http = HTTP1Channel(responder: responder, configuration: .init(httpDecoderConfiguration: decoder))
      return GuardedChannel(http: http, limits: limits, headers: headers, connections: connections)
    }
  }

  /// To be told of the listening socket.
  func watch(_ listening: any Channel) async {
    let (pause, connections, logger) = (limits.acceptPause, connections, logger)
    do {
      try await listening.eventLoop.submit {
        let handler = AcceptPause(pause, connections: connections, logger: logger)
        try listening.pipeline.syncOperations.addHandler(handler, position: .first)
      }.get()
    } catch { logger.error("the listening socket is not watched", error: error) }
  }
}

/// A connection of Hummingbird's, counted and guarded.
private struct GuardedChannel: ServerChildChannel {
  typealias Value = HTTP1Channel.Value

  /// To whoever accepted it: it is closed already.
  private struct Refused: Error {}

  let http: HTTP1Channel
  let limits: ServerLimits
  let headers: AnswerHeaders
  let connections: ConnectionTable

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    guard let connection = connections.admit(channel, peer: AddressKey.peer(of: channel)) else {
      channel.close(promise: nil)
      return channel.eventLoop.makeFailedFuture(Refused())
    }
    return http.setup(channel: channel, logger: logger).flatMapThrowing { value in
      try guardIt(channel, connection)
      return value
    }
  }

  private func guardIt(_ channel: any Channel, _ connection: ClientConnection) throws {
    let (low, high) = (limits.outboundBytes / 2, limits.outboundBytes)
    try channel.syncOptions?.setOption(.writeBufferWaterMark, value: .init(low: low, high: high))
    let pipeline = channel.pipeline.syncOperations
    let guarding = ConnectionGuard(limits, headers: headers, connection: connection)
    let parser = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
    try pipeline.addHandler(guarding, position: .after(parser))
    try pipeline.addHandler(guarding.bytes, position: .first)
  }

  func handle(value: Value, logger: Logger) async {
    await ClientConnection.$current.withValue(connections.connection(of: value.channel)) {
      await http.handle(value: value, logger: logger)
    }
  }
}
