import Glibc
import Logging
import NIOCore

/// In the listening socket's pipeline: stops accepting for a moment when there are no file descriptors or no memory.
///
/// NIO's own handler for that puts off the next read, but leaves the socket registered, which is readable all the while: the event loop
/// then asks and fails as fast as it can, and serves nobody.
final class AcceptPause: ChannelInboundHandler {
  typealias InboundIn = any Channel

  private let pause: TimeAmount
  private let connections: ConnectionTable
  private let logger: Logger
  private var isPaused = false

  init(_ pause: TimeAmount, connections: ConnectionTable, logger: Logger) {
    self.pause = pause
    self.connections = connections
    self.logger = logger
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? IOError, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.errnoCode) else {
      context.fireErrorCaught(error)
      return
    }
    guard !isPaused else { return }
    isPaused = true
    logger.error("accepting pauses: the process or the machine is out of file descriptors or memory", error: error)
    connections.evict()
    setAutoRead(false, context)
    context.eventLoop.assumeIsolated().scheduleTask(in: pause) {
      self.isPaused = false
      self.setAutoRead(true, context)
    }
  }

  /// Takes the socket out of what the event loop waits for, or back in.
  private func setAutoRead(_ value: Bool, _ context: ChannelHandlerContext) {
    // Fails when the server has stopped listening, which is as well.
    try? context.channel.syncOptions?.setOption(.autoRead, value: value)
  }
}

@available(*, unavailable)
extension AcceptPause: Sendable {}
