import Domain
package import Logging
package import Postgres
import ServiceLifecycle

/// Sends the mails that are due.
///
/// Start it in every server process: each mail is taken by one of them. A mail is sent at least once; more than once only when
/// a process, or its database, dies between the server's acceptance of the mail and the note of it, and then under the same
/// Message-ID.
package struct MailSender: Service {
  private let queue: MailQueue
  private let composer: MailComposer
  private let transport: any MailTransport
  private let clock: any WallClock
  private let logger: Logger

  /// Mails under way at a time, and connections that it holds at most.
  package static let parallel = 2

  /// Over connections of the serving role.
  package init(
    pool: Pool, composer: MailComposer, transport: any MailTransport, clock: any WallClock = SystemClock(),
    logger: Logger
  ) {
    queue = MailQueue(pool: pool)
    self.composer = composer
    self.transport = transport
    self.clock = clock
    self.logger = logger
  }

  /// Runs until graceful shutdown, and then until the mails under way are done.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      await withTaskGroup { group in
        for _ in 0..<Self.parallel { group.addTask { await work() } }
        group.addTask { await forget() }
      }
    }
  }

  /// How late a mail is at most when everything works.
  private static let pollInterval = Duration.seconds(1)

  private func work() async {
    while !Task.isCancelled {
      do {
        while !Task.isCancelled, let mail = try await queue.take(at: now) {
          // Not to be cancelled: what the server has accepted must be noted.
          await Task { await send(mail) }.value
        }
      } catch {
        logger.warning("could not look for mails to send", metadata: ["error": "\(error)"])
      }
      try? await Task.sleep(for: Self.pollInterval)
    }
  }

  private func send(_ mail: QueuedMail) async {
    if let expiry = mail.expiresAt, expiry <= now { return await finish(mail, .dropped, because: "expired") }
    do {
      guard let written = try await composer.compose(mail) else {
        return await finish(mail, .dropped, because: "nobody to send it to any more")
      }
      try await transport.deliver(written)
      await finish(mail, .sent)
    } catch let failure as MailFailure {
      await handle(failure, of: mail)
    } catch {
      // The database was away, or some event can't be read: the first passes, and a mended program may do the second.
      await handle(MailFailure(isPermanent: false, reason: "could not be written: \(error)"), of: mail)
    }
  }

  private func handle(_ failure: MailFailure, of mail: QueuedMail) async {
    let backoff = MailBackoff(attempt: mail.attempt, queuedAt: mail.queuedAt, now: now)
    guard !failure.isPermanent, let next = backoff.next else {
      let reason = failure.isPermanent ? failure.reason : "given up after \(mail.attempt) attempts: \(failure.reason)"
      logger.error("a mail failed", metadata: metadata(mail, reason))
      return await finish(mail, .failed, because: reason)
    }
    logger.warning("a mail was not sent, trying again", metadata: metadata(mail, failure.reason))
    await note { try await queue.putOff(mail, until: next, because: failure.reason) }
  }

  private func finish(_ mail: QueuedMail, _ end: MailQueue.End, because reason: String? = nil) async {
    await note { try await queue.finish(mail, end, because: reason, at: now) }
    logger.debug("a mail is done", metadata: metadata(mail, reason ?? end.rawValue))
  }

  /// Until it is noted: an accepted mail that nobody knows of would be sent again. Later than the lease it is of no use.
  private func note(_ body: () async throws -> Void) async {
    let end = ContinuousClock.now + MailQueue.lease
    while true {
      do { return try await body() } catch {
        logger.warning("could not note what became of a mail", metadata: ["error": "\(error)"])
        guard ContinuousClock.now < end else { return }
        try? await Task.sleep(for: .milliseconds(500))
      }
    }
  }

  private func forget() async {
    while !Task.isCancelled {
      do { try await queue.forget(at: now) } catch {
        logger.debug("could not forget old mails", metadata: ["error": "\(error)"])
      }
      try? await Task.sleep(for: .hours(1))
    }
  }

  private var now: Instant { clock.now }

  private func metadata(_ mail: QueuedMail, _ reason: String) -> Logger.Metadata {
    [
      "message_id": "\(mail.id)", "kind": "\(mail.notice.name)", "attempt": "\(mail.attempt)", "reason": "\(reason)",
    ]
  }
}
