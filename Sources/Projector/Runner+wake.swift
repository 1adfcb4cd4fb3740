import Logging
import Postgres

extension Runner {
  /// The channel on which appends tell that a shard has grown; the payload is the shard.
  private static let channel = "recount_appended"
  /// How late a read model is when a wake-up was lost. Wake-ups are only lost with a connection.
  private static let pollInterval = Duration.seconds(1)

  /// Wakes the lanes of shards that have grown. Listens anew after a lost connection.
  func listen(_ projections: [String: Projection]) async {
    var backoff = Backoff()
    while !Task.isCancelled {
      do {
        try await pool.withConnection { connection in
          let notifications = try await connection.listen(to: Self.channel)
          await hear(notifications, projections)
          // It may still have wake-ups for us, which nobody else should get.
          await connection.close()
        }
        backoff.reset()
      } catch {
        logger.debug("not listening, only polling", metadata: ["error": "\(error)"])
      }
      await backoff.wait()
    }
  }

  private func hear(_ notifications: AsyncStream<Postgres.Notification>, _ projections: [String: Projection]) async {
    for await notification in notifications {
      guard let shard = Int(notification.payload) else { continue }
      await queue.add(projections.keys.map { Lane(projection: $0, shard: shard) })
    }
  }

  /// Looks which lanes are behind, for wake-ups that were lost or never sent.
  func poll(_ projections: [String: Projection]) async {
    while !Task.isCancelled {
      do {
        let rows = try await pool.query(
          """
          SELECT c.projection, c.shard
          FROM projector.checkpoints AS c JOIN log.heads AS h ON h.shard = c.shard
          WHERE c.status = 'running' AND c.position < h.last_position
          """)
        let lanes = try rows.map { Lane(projection: try $0.decode("projection"), shard: try $0.decode("shard")) }
        await queue.add(lanes.filter { projections[$0.projection] != nil })
      } catch {
        logger.debug("could not look at the checkpoints", metadata: ["error": "\(error)"])
      }
      try? await Task.sleep(for: Self.pollInterval)
    }
  }
}
