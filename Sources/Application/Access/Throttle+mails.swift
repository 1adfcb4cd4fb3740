import Domain
package import Foundation

/// Whatever sends a mail to an address that somebody typed, who may be a stranger to it. Counted by client, by who asks and for whom,
/// and by address over all clients.
extension Throttle {
  /// What sends a mail.
  package enum Mailing: String {
    case signUp = "sign-up"
    case resend
    case reset
    case changeEmail = "change-email"
    case invitation
  }

  /// Takes an attempt, or throws ``Throttled``.
  ///
  /// - Parameters:
  ///   - digest: of the address that the mail goes to.
  ///   - client: the network address that asks; nil where it doesn't matter, since who asks is known.
  ///   - actor: the person who asks, where they are logged in.
  ///   - account: on whose behalf, for an invitation.
  package func take(
    _ mailing: Mailing, digest: String, client: String?, actor: UUID? = nil, account: UUID? = nil
  ) async throws {
    var counts: [Count] = []
    if let client {
      counts.append(Count(key: "\(mailing.rawValue):client:\(try await code(of: client))", limit: .mailsOfClient))
    }
    if let actor { counts.append(Count(key: "\(mailing.rawValue):user:\(actor.text)", limit: .mailsOfSender)) }
    if let account { counts.append(Count(key: "\(mailing.rawValue):account:\(account.text)", limit: .mailsOfSender)) }
    counts.append(
      mailing == .reset
        ? Count(key: "reset:address:\(digest)", limit: .resets) : Count(key: "mail:address:\(digest)", limit: .mails))
    try await take(counts)
  }
}

extension Throttle.Limit {
  /// To one address, whoever asks and why: a few at once, then one after 10, 20, 40 minutes, …; 10 a day at most.
  fileprivate static let mails = Self(free: 3, firstWait: .minutes(10), longestWait: .hours(2), perDay: 10)
  /// Counted apart from other mails, and without an end of the day's: else a stranger could keep a person from the one way in that is
  /// left to them. About 18 a day.
  fileprivate static let resets = Self(free: 3, firstWait: .minutes(10), longestWait: .hours(2))
  /// A whole office may share a client: 20 at once, then one after 1, 2, 4, … minutes, about 49 a day.
  fileprivate static let mailsOfClient = Self(free: 20, firstWait: .minutes(1), longestWait: .hours(1))
  /// As many as an account may have open invitations: a whole team in a day, and no more strangers than that.
  fileprivate static let mailsOfSender = Self(perDay: 25)
}
