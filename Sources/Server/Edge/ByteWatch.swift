import NIOCore

/// Between the socket and the parser: tells when bytes of a request begin to come, and counts what is written. Kept apart from
/// ``ConnectionGuard``, which sees whole parts of messages.
final class ByteWatch: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = IOData
  typealias OutboundOut = IOData

  private let onBytes: () -> Void
  /// Bytes written so far.
  private(set) var written: Int64 = 0

  init(onBytes: @escaping () -> Void) { self.onBytes = onBytes }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    onBytes()
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    written += Int64(unwrapOutboundIn(data).readableBytes)
    context.write(data, promise: promise)
  }
}

@available(*, unavailable)
extension ByteWatch: Sendable {}
