import TestDatabase
import Testing

@testable import Domain

@Suite struct KeyStatusTests {
  private func status(revoked: Bool = false, expires: Instant? = nil, retires: Instant? = nil, at now: Instant)
    -> KeyStatus
  {
    KeyStatus(isRevoked: revoked, expiresAt: expires, retiresAt: retires, at: now)
  }

  @Test func aKeyStopsAtTheMillisecondThatItsTimeIsOver() {
    #expect(status(at: .distantFuture) == .active(until: nil))
    #expect(status(expires: 10, at: 9) == .active(until: 10))
    #expect(status(expires: 10, at: 10) == .expired(since: 10))
    #expect(status(retires: 10, at: 9) == .rotated(until: 10))
    #expect(status(retires: 10, at: 10) == .retired(since: 10))
  }

  @Test func whatEndsItFirstIsWhatItIsSaidToBe() {
    #expect(status(expires: 5, retires: 10, at: 1) == .rotated(until: 5))
    #expect(status(expires: 5, retires: 10, at: 7) == .expired(since: 5))
    #expect(status(expires: 10, retires: 5, at: 7) == .retired(since: 5))
    #expect(status(revoked: true, expires: 5, retires: 5, at: 1) == .revoked)
  }

  @Test func onlyActiveAndRotatedKeysWork() {
    #expect([status(at: 1), status(retires: 2, at: 1)].map(\.works) == [true, true])
    let over = [status(expires: 1, at: 1), status(retires: 1, at: 1), status(revoked: true, at: 1)]
    #expect(over.map(\.works) == [false, false, false])
  }
}
