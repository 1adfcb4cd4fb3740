import Domain
import Foundation
import Postgres

/// Log-ins. Failures count per address and client, so that who guesses at an address keeps nobody else out of it. Per address alone they
/// only delay the answer, for seconds at most; and once a day has seen more than a hundred, each further client has to wait much longer
/// between its guesses, though not before its first two. A device that the person has logged in with is counted by itself.
///
/// What a guesser has: with one client some 105 guesses a day at an address; with a thousand clients about 13 a day each, 13,000.
/// A client has about 155 a day over all addresses.
extension Throttle {
  /// An attempt that was let through.
  package struct Admission: Sendable {
    /// How long to wait before it is looked at.
    let delay: Duration
    fileprivate let keys: [String]
    fileprivate let own: String
  }

  /// Takes an attempt, or throws ``Throttled``.
  ///
  /// - Parameters:
  ///   - digest: of the address that the attempt is about.
  ///   - client: the network address that it comes from; nil where there is none.
  ///   - device: one that this very person has logged in with.
  func takeLogIn(digest: String, client: String?, device: UUID?) async throws -> Admission {
    if let device {
      let key = "log-in:device:\(device.text)"
      try await take([Count(key: key, subject: digest, limit: .pair)])
      return Admission(delay: .zero, keys: [key], own: key)
    }
    let code = try await code(of: client)
    let (address, pair) = ("log-in:address:\(digest)", "log-in:pair:\(digest):\(code)")
    let failures = try await attemptsToday(address)
    let limit = failures > Self.siege ? Limit.pairUnderSiege : .pair
    var counts = [
      Count(key: address, subject: digest, limit: Limit()), Count(key: pair, subject: digest, limit: limit),
    ]
    if client != nil { counts.insert(Count(key: "log-in:client:\(code)", limit: .client), at: 0) }
    try await take(counts)
    return Admission(delay: delay(after: failures), keys: counts.map(\.key), own: pair)
  }

  /// It turned out to be a right one.
  package func giveBack(_ admission: Admission) async throws {
    try await pool.query("SELECT operations.give_attempt_back(\(admission.keys), \(admission.own))")
  }

  /// A new password was set by a mailed link: what counted against guesses at the old one is void.
  package func forget(digest: String) async throws {
    try await pool.query("SELECT operations.forget_subject(\(digest))")
  }

  /// Guesses at the password of who is logged in: a stolen access token allows no more than a log-in does. By session, so that nobody
  /// outside keeps them from what they do.
  func takePassword(session: UUID) async throws { try await take([Self.password(session)]) }

  /// It was the right one.
  func giveBackPassword(session: UUID) async throws {
    let key = Self.password(session).key
    try await pool.query("SELECT operations.give_attempt_back(\([key]), \(key))")
  }

  private static func password(_ session: UUID) -> Count {
    Count(key: "password:session:\(session.text)", limit: .pair)
  }

  /// Failures at an address within a day that no forgetful person comes to: somebody guesses, from many clients.
  private static let siege = 100

  /// 50 ms more for each failure of the day after the twentieth: nothing for who mistypes, seconds for who guesses.
  private func delay(after failures: Int) -> Duration {
    min(longestDelay, .milliseconds(50) * max(0, failures - 20))
  }
}

extension Throttle.Limit {
  /// A person mistypes a few times, then waits seconds; a guesser soon waits a quarter of an hour each time.
  fileprivate static let pair = Self(free: 5, firstWait: .seconds(1), longestWait: .minutes(15))
  /// Two guesses at once, then one after 1, 2, 4, … minutes, up to 6 hours: 13 a day.
  fileprivate static let pairUnderSiege = Self(free: 1, firstWait: .minutes(1), longestWait: .hours(6))
  /// A whole office may share one.
  fileprivate static let client = Self(free: 50, firstWait: .seconds(1), longestWait: .minutes(15))
}
