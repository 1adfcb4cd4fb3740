import Foundation
import HummingbirdTesting
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A client that says exactly what a test wants it to, however wrong, and hears what comes back.
final class RawSocket: Sendable {
  private let channel: any Channel
  private let inbox: Inbox

  private init(_ channel: any Channel, _ inbox: Inbox) {
    self.channel = channel
    self.inbox = inbox
  }

  /// - Parameters:
  ///   - address: where it comes from: any of 127.0.0.0/8.
  ///   - isReading: whether it takes what is sent to it.
  static func connect(
    to service: Service, from address: String? = nil, isReading: Bool = true
  ) async throws -> RawSocket {
    try await connect(port: #require(service.client.port), from: address, isReading: isReading)
  }

  static func connect(port: Int, from address: String? = nil, isReading: Bool = true) async throws -> RawSocket {
    let inbox = Inbox()
    var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.autoRead, value: isReading)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Listener(inbox)) }
      }
    if let address { bootstrap = bootstrap.bind(to: try SocketAddress(ipAddress: address, port: 0)) }
    return RawSocket(try await bootstrap.connect(host: "127.0.0.1", port: port).get(), inbox)
  }

  func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }

  /// Says what may find the other end gone.
  func trySending(_ text: String) async { try? await send(text) }

  func close() async { try? await channel.close() }

  /// Whether the other end has said that nothing follows, or is gone.
  var isOver: Bool { inbox.content.withLock { $0.isOver } }

  /// Whether the other end is gone, for one who does not read what it says.
  var isGone: Bool {
    get async {
      // Taking nothing in, NIO does not see the end; what is written to a connection that was reset fails.
      do { try await send(" ") } catch { return true }
      return false
    }
  }

  var heard: String { inbox.content.withLock { String(decoding: $0.bytes, as: UTF8.self) } }

  /// All that has been said, once the other end says no more.
  func whole(within seconds: Double = 120, _ location: SourceLocation = #_sourceLocation) async throws -> String {
    await until("the connection is over", seconds, location) { self.isOver }
    return heard
  }

  /// What has been said once this is part of it.
  @discardableResult
  func hear(_ text: String, _ location: SourceLocation = #_sourceLocation) async throws -> String {
    await until("\(text.debugDescription) was heard", 120, location) { self.heard.contains(text) || self.isOver }
    let heard = heard
    #expect(heard.contains(text), sourceLocation: location)
    return heard
  }

  private final class Inbox: Sendable {
    let content = Mutex<(bytes: [UInt8], isOver: Bool)>(([], false))
  }

  private final class Listener: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let inbox: Inbox

    init(_ inbox: Inbox) { self.inbox = inbox }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let bytes = unwrapInboundIn(data).readableBytesView
      inbox.content.withLock { $0.bytes += bytes }
    }

    func channelInactive(context: ChannelHandlerContext) { inbox.content.withLock { $0.isOver = true } }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
}

/// Waits for what happens at the other end of a socket: looks often, gives up after some seconds.
func until(
  _ what: String, _ seconds: Double = 120, _ location: SourceLocation = #_sourceLocation, _ condition: () -> Bool
) async {
  let end = ContinuousClock.now + .seconds(seconds)
  while !condition() {
    guard ContinuousClock.now < end else {
      Issue.record("did not come true within \(seconds) s: \(what)", sourceLocation: location)
      return
    }
    try? await Task.sleep(for: .milliseconds(5))
  }
}

extension String {
  /// The status of an HTTP answer as it stands on the wire.
  var status: Int? { split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0) } }

  /// How often a text stands in it.
  func count(of text: String) -> Int { components(separatedBy: text).count - 1 }

  /// How many HTTP answers stand in it.
  var answers: Int { matches(of: #/HTTP/1\.[01] [1-5][0-9][0-9] /#).count }

  /// A field of an HTTP answer as it stands on the wire.
  func field(_ name: String) -> String? {
    let head = components(separatedBy: "\r\n\r\n").first ?? ""
    let line = head.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
    return line.map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
  }
}
