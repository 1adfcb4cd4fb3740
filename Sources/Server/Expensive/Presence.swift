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
    guard channel.isActive else { return try await work() }
    return try await withThrowingTaskGroup(of: T.self) { group in
      group.addTask { try await work() }
      group.addTask {
        // Looked at rather than told of: what waits for a channel to close stays with it, for every question that it ever brought.
        while channel.isActive { try await Task.sleep(for: Self.look) }
        throw ClientGone()
      }
      defer { group.cancelAll() }
      guard let value = try await group.next() else { throw CancellationError() }
      return value
    }
  }
}

/// Nobody waits for the answer any more.
struct ClientGone: Error {}
