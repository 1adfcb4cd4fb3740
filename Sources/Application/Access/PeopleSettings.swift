/// What an operator sets about people, and tests make cheap.
package struct PeopleSettings: Sendable {
  /// How long somebody who wants to be erased has to think better of it, in days.
  package var deletionGraceDays: Int
  /// Whose word on a client's address is taken.
  package var trustedProxies: TrustedProxies
  /// Answers that must not tell whether an address is known take at least this long, so that their time doesn't tell either. More
  /// than the work behind any of them takes on an idle machine.
  package var evenAnswer: Duration
  /// The longest that the answer to a log-in is delayed where many have failed at its address.
  package var longestDelay: Duration
  /// Whether passwords are hashed as they must be. Tests that log in hundreds of times say no.
  package var hashesAreCheap: Bool

  /// The settings, by default as they are where nobody sets anything.
  package init(
    deletionGraceDays: Int = 30, trustedProxies: TrustedProxies = .none, evenAnswer: Duration = .milliseconds(300),
    longestDelay: Duration = .seconds(3), hashesAreCheap: Bool = false
  ) {
    self.deletionGraceDays = deletionGraceDays
    self.trustedProxies = trustedProxies
    self.evenAnswer = evenAnswer
    self.longestDelay = longestDelay
    self.hashesAreCheap = hashesAreCheap
  }

  /// For a test that is not about time.
  var argon2: Argon2.Cost { hashesAreCheap ? Argon2.Cost(memoryKiB: 64, passes: 1, lanes: 1) : .standard }
}
