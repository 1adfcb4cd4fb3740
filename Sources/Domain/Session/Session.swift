package import struct Foundation.UUID

/// One log-in of a person, kept alive by a refresh token that changes with every use. Stream `session-<id>`, on the shard of the
/// person.
///
/// Each event holds all there is to know, so the last one alone gives the state: a session of a month is refreshed thousands of times.
package struct Session: Decider {
  /// Whose; nil for one never started.
  package private(set) var userID: UUID?
  /// Hex SHA-256 of the one refresh token that is good.
  package private(set) var tokenHash = ""
  /// When it ends unless refreshed.
  package private(set) var expiresAt = Instant.epoch
  /// How often the person's sessions had been ended together when it started.
  package private(set) var generation = 0
  /// Once it is over by an event of its own.
  package private(set) var isEnded = false

  /// A session not started yet.
  package init() {}

  /// What can have happened to a session.
  package enum Event: RecordedEvent {
    case started(SessionStarted)
    case refreshed(SessionRefreshed)
    case ended(SessionEnded)
  }

  /// What can be asked.
  package enum Command: Sendable {
    case start(SessionStarted)
    /// The old token's hash, and what holds after it.
    case refresh(tokenHash: String, with: SessionRefreshed, now: Instant)
    case end(SessionEnded)
  }

  /// Why a session turns a command down.
  package enum Failure: Error, Equatable {
    /// Never started, ended or expired.
    case over
  }

  /// The events that follow from a command. A token that was used before ends the session, whoever sends it: one of the two who
  /// have it is a thief, and which one can't be told. There is no time of grace, so a client that lost an answer logs in anew.
  package func decide(_ command: Command) throws(Failure) -> [Event] {
    switch command {
    case .start(let start): return userID == nil ? [.started(start)] : []
    case .refresh(let hash, let refreshed, let now):
      guard let userID, !isEnded, now < expiresAt else { throw .over }
      guard hash == tokenHash else {
        return [.ended(SessionEnded(sessionID: refreshed.sessionID, userID: userID, cause: .reuseDetected))]
      }
      return [.refreshed(refreshed)]
    case .end(let ended): return userID == ended.userID && !isEnded ? [.ended(ended)] : []
    }
  }

  /// Moves the state past one event.
  package mutating func evolve(_ event: Event) {
    switch event {
    case .started(let start):
      (userID, tokenHash, expiresAt, generation) =
        (start.userID, start.tokenHash, start.expiresAt, start.generation)
    case .refreshed(let refreshed):
      (userID, tokenHash, expiresAt, generation) =
        (refreshed.userID, refreshed.tokenHash, refreshed.expiresAt, refreshed.generation)
    case .ended(let ended): (userID, isEnded) = (ended.userID, true)
    }
  }
}

extension Session.Event {
  package static let cases: [EventCase<Self>] = [
    EventCase(started),
    EventCase(refreshed),
    EventCase(ended),
  ]
}
