package import Logging
package import Postgres
import ServiceLifecycle

/// The one connection of a process that listens, for all who want to be woken: followers, live pages.
///
/// It is opened anew when it is lost. Between two of them wake-ups are lost, which subscribers make up for by looking now and then.
package actor ListeningConnection: Service {
  private let settings: ConnectionSettings
  private let logger: Logger
  private var subscribers: [Topic: [Int: AsyncStream<String>.Continuation]] = [:]
  private var lastSubscriber = 0
  /// The topics that the open connection is to listen to besides.
  private var wanted: AsyncStream<Topic>.Continuation?

  /// One that opens its connection when it runs.
  package init(_ settings: ConnectionSettings, logger: Logger) {
    self.settings = settings
    self.logger = logger
  }

  /// Payloads that wait for a subscriber who is busy; of more the oldest are dropped.
  private static let patience = 1_000

  /// The payloads of a topic from now on, until the task that reads them is cancelled.
  package func payloads(of topic: Topic) -> AsyncStream<String> {
    lastSubscriber += 1
    let id = lastSubscriber
    let (stream, continuation) = AsyncStream.makeStream(
      of: String.self, bufferingPolicy: .bufferingNewest(Self.patience))
    continuation.onTermination = { [weak self] _ in Task { await self?.drop(id, of: topic) } }
    let isNew = subscribers[topic] == nil
    subscribers[topic, default: [:]][id] = continuation
    if isNew { wanted?.yield(topic) }
    return stream
  }

  private func drop(_ id: Int, of topic: Topic) { subscribers[topic]?[id] = nil }

  /// Listens until the task is cancelled or the service group shuts down.
  package func run() async {
    await cancelWhenGracefulShutdown { await self.listen() }
  }

  private func listen() async {
    var backoff = Backoff()
    while !Task.isCancelled {
      do {
        let connection = try await Connection.connect(settings, logger: logger)
        backoff.reset()
        await hear(connection)
        await connection.close()
      } catch {
        logger.debug("not listening", metadata: ["error": "\(error)"])
      }
      await backoff.wait()
    }
  }

  /// Returns when the connection is lost, or the task cancelled.
  private func hear(_ connection: Connection) async {
    let (topics, wanted) = AsyncStream.makeStream(of: Topic.self)
    for topic in subscribers.keys { wanted.yield(topic) }
    self.wanted = wanted
    await withTaskGroup { group in
      for await topic in topics {
        group.addTask {
          await self.hear(topic, on: connection)
          wanted.finish()
        }
      }
      group.cancelAll()
    }
    self.wanted = nil
  }

  private func hear(_ topic: Topic, on connection: Connection) async {
    do {
      for await notification in try await connection.listen(to: topic.rawValue) {
        for subscriber in subscribers[topic, default: [:]].values { subscriber.yield(notification.payload) }
      }
    } catch {
      logger.debug("not listening", metadata: ["topic": "\(topic.rawValue)", "error": "\(error)"])
    }
  }
}
