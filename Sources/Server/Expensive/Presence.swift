import Domain
import Glibc
import NIOCore

/// The other end of a request's connection: whether anybody waits for the answer still.
struct Presence: Sendable {
  private let channel: any Channel

  init(_ channel: any Channel) { self.channel = channel }

  /// A question that nobody waits for may go on that long.
  private static let look = Duration.milliseconds(100)

  /// Does work, and stops it when the client goes: its statement is cancelled in the database. Throws ``ClientGone`` then.
  func whilePresent<T: Sendable>(_ work: @escaping @Sendable () async throws -> T) async throws -> T {
    // Without a socket, as in tests of the router, nobody can go.
    guard let socket = channel as? any SocketOptionProvider, channel.isActive else { return try await work() }
    return try await withThrowingTaskGroup(of: T.self) { group in
      group.addTask { try await work() }
      group.addTask {
        // Looked at rather than told of: what waits for a channel to close stays with it, for every question that it ever brought.
        while channel.isActive, await Self.isOpen(socket) { try await Task.sleep(for: Self.look) }
        throw ClientGone()
      }
      defer { group.cancelAll() }
      guard let value = try await group.next() else { throw CancellationError() }
      return value
    }
  }

  /// A client that closed its end leaves the channel half open, as one that will send no more but reads on would. Hardly any does that,
  /// and those can't be told apart until something is written: the kernel knows that it is not ESTABLISHED (1, tcp_states.h) any more.
  private static func isOpen(_ socket: any SocketOptionProvider) async -> Bool {
    guard let info = try? await socket.getTCPInfo().get() else { return false }
    return info.tcpi_state == 1
  }
}

/// Nobody waits for the answer any more.
struct ClientGone: Error {}
