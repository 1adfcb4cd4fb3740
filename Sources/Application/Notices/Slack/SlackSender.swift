import Domain
package import EventLog
package import Logging
package import Postgres
import ServiceLifecycle

/// Sends the messages that are due.
///
/// Start it in every server process: each message is taken by one of them. One is sent at least once; more than once only when a process, or its
/// database, dies between Slack's answer and the note of it.
package struct SlackSender: Service {
  private let log: Log
  private let queue: SlackQueue
  private let composer: SlackComposer
  private let delivery: SlackDelivery
  private let clock: any WallClock
  private let logger: Logger

  /// Connections that it holds at most.
  package static let connections = 2

  /// Over connections of the serving role.
  package init(
    log: Log, pool: Pool, composer: SlackComposer, delivery: SlackDelivery, clock: any WallClock = SystemClock(),
    logger: Logger
  ) {
    self.log = log
    queue = SlackQueue(pool: pool)
    self.composer = composer
    self.delivery = delivery
    self.clock = clock
    self.logger = logger
  }

  /// Runs until graceful shutdown, and then until the message under way is done.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      await withTaskGroup { group in
        group.addTask { await work() }
        group.addTask { await forget() }
      }
    }
  }

  /// How late a message is at most when everything works.
  private static let pollInterval = Duration.seconds(1)

  private func work() async {
    while !Task.isCancelled {
      do {
        while !Task.isCancelled, let message = try await queue.take(at: now) {
          // Not to be cancelled: what Slack has taken must be noted.
          await Task { await send(message) }.value
        }
      } catch {
        logger.warning("could not look for messages to send", metadata: ["error": "\(error)"])
      }
      try? await Task.sleep(for: Self.pollInterval)
    }
  }

  private func send(_ message: QueuedSlackMessage) async {
    do {
      guard let written = try await composer.compose(message, at: now) else {
        return await finish(message, .dropped, because: "no channel takes it any more")
      }
      if let free = try await queue.takeTurn(of: written.url, at: now) {
        return await note { try await queue.putOff(message, until: free, because: "one a second", isAttempt: false) }
      }
      await settle(message, written, await delivery.post(written.message, to: written.url))
    } catch let refused as SlackURLRefused {
      await finish(message, .failed, because: "\(refused)")
    } catch let nothing as NothingToTell {
      await finish(message, .failed, because: "\(nothing)")
    } catch {
      // The database was away, or some event can't be read: the first passes, and a mended program may do the second.
      await putOff(message, because: "could not be written: \(error)")
    }
  }

  private func settle(
    _ message: QueuedSlackMessage, _ written: SlackComposer.Written, _ answer: SlackAnswer
  ) async {
    switch answer {
    case .delivered: await finish(message, .sent)
    case .later(let pause):
      let free = now + pause
      await note { try await queue.hold(written.url, until: free) }
      await putOff(message, until: free, because: answer.words)
    case .failed, .unanswered: await putOff(message, because: answer.words)
    case .refused(let status):
      logger.warning("a channel takes no messages any more", metadata: metadata(message, answer.words))
      // First: who dies here finds the channel broken, and drops the message.
      await note {
        try await log.handle(
          .breakDown(channel: written.channel, status: status), by: SlackChannel.self,
          on: .slack(of: message.account, shard: message.shard))
      }
      await finish(message, .failed, because: answer.words)
    }
  }

  /// Twice as long each time, for a day; not before a time, where Slack has said one.
  private func putOff(_ message: QueuedSlackMessage, until time: Instant? = nil, because reason: String) async {
    let backoff = MailBackoff(attempt: message.attempt, queuedAt: message.queuedAt, now: now)
    guard let next = backoff.next else {
      logger.error("a message failed", metadata: metadata(message, reason))
      return await finish(
        message, .failed, because: "given up after \(message.attempt) attempts: \(reason)")
    }
    await note { try await queue.putOff(message, until: time ?? next, because: reason) }
  }

  private func finish(_ message: QueuedSlackMessage, _ end: SlackQueue.End, because reason: String? = nil) async {
    await note { try await queue.finish(message, end, because: reason, at: now) }
    logger.debug("a message is done", metadata: metadata(message, reason ?? end.rawValue))
  }

  /// Until it is noted: a message that was taken and that nobody knows of would be sent again. Later than the lease it is of no use.
  private func note(_ body: () async throws -> Void) async {
    let end = ContinuousClock.now + SlackQueue.lease
    while true {
      do { return try await body() } catch {
        logger.warning("could not note what became of a message", metadata: ["error": "\(error)"])
        guard ContinuousClock.now < end else { return }
        try? await Task.sleep(for: .milliseconds(500))
      }
    }
  }

  private func forget() async {
    while !Task.isCancelled {
      do { try await queue.forget(at: now) } catch {
        logger.debug("could not forget old messages", metadata: ["error": "\(error)"])
      }
      try? await Task.sleep(for: .hours(1))
    }
  }

  private var now: Instant { clock.now }

  private func metadata(_ message: QueuedSlackMessage, _ reason: String) -> Logger.Metadata {
    [
      "message_id": "\(message.id)", "account": "\(message.account)", "attempt": "\(message.attempt)",
      "reason": "\(reason)",
    ]
  }
}
