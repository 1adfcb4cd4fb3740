import Logging
import Postgres

extension Followers {
  /// How late a follower is when a wake-up was lost.
  private static let pollInterval = Duration.seconds(1)

  /// Wakes the lanes of shards that have grown.
  func listen() async {
    for await payload in await listening.payloads(of: .appended) {
      guard let shard = Int(payload) else { continue }
      await queue.add(followers.keys.map { Lane(follower: $0, shard: shard) })
    }
  }

  /// Looks which lanes are behind, for wake-ups that were lost or never sent.
  func poll() async {
    let tables = Set(followers.values.map(\.progress))
    while !Task.isCancelled {
      for table in tables {
        do {
          await queue.add(try await table.behind(on: pool).filter { followers[$0.follower] != nil })
        } catch {
          logger.debug("could not look how far everybody is", metadata: ["error": "\(error)"])
        }
      }
      try? await Task.sleep(for: Self.pollInterval)
    }
  }
}
