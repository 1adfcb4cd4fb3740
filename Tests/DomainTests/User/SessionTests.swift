import Foundation
import TestDatabase
import Testing

@testable import Domain

/// Given what happened to a session, when a refresh token comes, then this follows.
@Suite struct SessionTests {
  private let id = UUID()
  private let user = UUID()

  private func started(_ hash: String) -> SessionStarted {
    SessionStarted(sessionID: id, userID: user, tokenHash: hash, expiresAt: 1_000, generation: 3)
  }

  private func refreshed(_ hash: String, until expiry: Instant = 2_000) -> SessionRefreshed {
    SessionRefreshed(sessionID: id, userID: user, tokenHash: hash, expiresAt: expiry, generation: 3)
  }

  @Test func aTokenThatComesAgainEndsTheSession() throws {
    let session = Session([.started(started("a")), .refreshed(refreshed("b"))])
    let reuse = try session.decide(.refresh(tokenHash: "a", with: refreshed("c"), now: 500))
    #expect(reuse == [.ended(SessionEnded(sessionID: id, userID: user, cause: .reuseDetected))])
    let use = Session.Command.refresh(tokenHash: "b", with: refreshed("c"), now: 500)
    #expect(try session.decide(use) == [.refreshed(refreshed("c"))])
  }

  @Test func whatIsOverStaysOver() throws {
    let ended = SessionEnded(sessionID: id, userID: user, cause: .logout)
    let session = Session([.started(started("a")), .ended(ended)])
    #expect(throws: Session.Failure.over) {
      try session.decide(.refresh(tokenHash: "a", with: refreshed("b"), now: 500))
    }
    #expect(try session.decide(.end(ended)) == [])
    #expect(throws: Session.Failure.over) {
      try Session([.started(started("a"))]).decide(.refresh(tokenHash: "a", with: refreshed("b"), now: 1_000))
    }
    #expect(throws: Session.Failure.over) {
      try Session().decide(.refresh(tokenHash: "a", with: refreshed("b"), now: 0))
    }
  }

  @Test func anothersSessionIsNotEnded() throws {
    let session = Session([.started(started("a"))])
    #expect(try session.decide(.end(SessionEnded(sessionID: id, userID: UUID(), cause: .revoked))) == [])
  }

  /// Whatever came before, one token is good: the last one given out. The last event alone tells the same.
  @Test(arguments: 0..<20) func oneTokenIsGoodAtATime(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    var session = Session([.started(started("0"))])
    var last = Session.Event.started(started("0"))
    var tokens = ["0"]
    for number in 1...30 {
      let honest = Int.random(in: 0..<12, using: &random) > 0
      let token = honest ? tokens[tokens.count - 1] : tokens.randomElement(using: &random) ?? "0"
      let events = try session.decide(
        .refresh(
          tokenHash: token, with: refreshed("\(number)", until: .distantFuture),
          now: Instant(milliseconds: Int64(number))))
      #expect(events.count == 1)
      guard let event = events.first else { return }
      session.evolve(event)
      last = event
      if case .ended = event {
        #expect(token != tokens.last)
        for token in tokens {
          #expect(throws: Session.Failure.over) {
            try session.decide(.refresh(tokenHash: token, with: refreshed("x"), now: 0))
          }
        }
        break
      }
      #expect(token == tokens.last)
      tokens.append("\(number)")
    }
    let short = Session([last])
    #expect(short.isEnded == session.isEnded && short.userID == session.userID)
    if !session.isEnded { #expect(short.tokenHash == session.tokenHash && short.generation == session.generation) }
  }
}
