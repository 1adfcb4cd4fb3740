import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A real HTTP server on the loopback interface, for tests of clients: a function answers, and what came in is kept.
package final class LoopbackServer: Sendable {
  /// A request as it came in.
  package struct Request: Sendable, Hashable {
    /// Path and query.
    package var uri: String
    /// The Authorization header.
    package var authorization: String?
    /// The body.
    package var body: String
  }

  /// What to do with a request.
  package enum Reply: Sendable {
    /// Answer with this status, these headers and this body.
    case answer(status: Int, headers: [String: String] = [:], body: String = "{}")
    /// Close the connection after the request was read, as a server does that is killed.
    case hangUp
    /// Leave the connection open, and never say anything.
    case silence
  }

  private let channel: any Channel
  private let log: RequestLog

  /// The requests so far, in the order they came in.
  package var received: [Request] { log.requests }

  /// `http://127.0.0.1:port`
  package var url: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }

  /// Runs a server for as long as `body` does.
  /// - Parameter reply: called with each request and its number, from 0
  package static func run<T: Sendable>(
    reply: @escaping @Sendable (Request, Int) -> Reply, _ body: (LoopbackServer) async throws -> T
  ) async throws -> T {
    let server = try await LoopbackServer(reply)
    let outcome: Result<T, any Error>
    do { outcome = .success(try await body(server)) } catch { outcome = .failure(error) }
    try await server.channel.close()
    return try outcome.get()
  }

  private init(_ reply: @escaping @Sendable (Request, Int) -> Reply) async throws {
    let log = RequestLog()
    self.log = log
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(RequestHandler(log: log, reply: reply))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
  }
}

/// What came in, shared by all connections.
final class RequestLog: Sendable {
  private let kept = Mutex<[LoopbackServer.Request]>([])

  var requests: [LoopbackServer.Request] { kept.withLock { $0 } }

  /// Keeps the request and returns its number.
  func add(_ request: LoopbackServer.Request) -> Int {
    kept.withLock {
      $0.append(request)
      return $0.count - 1
    }
  }
}
