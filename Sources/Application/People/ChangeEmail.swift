package import Domain
import EventLog
import Foundation

/// A person wants another address: a mail with a link goes there. Whether it is somebody else's is not said before the link is opened.
package struct RequestEmailChange: Sendable {
  package let people: People

  package init(people: People) {
    self.people = people
  }

  /// Needs the password: who changes the address can reset everything.
  package func callAsFunction(
    of principal: Principal, to email: EmailAddress, password: String, from client: Client
  ) async throws {
    _ = try await CheckPassword(people: people)(password, of: principal, from: client)
    let id = principal.userID
    try await people.throttle.take(
      .changeEmail, digest: try await people.vault.digest(email), client: client.network, actor: id)
    let sealed = try await people.vault.seal(email.normalized, for: id)
    let token = try await people.token(for: .changeEmail, of: id, emailSealed: sealed)
    try await people.handle(.issueToken(token), of: id, from: client)
  }
}

/// The link in that mail was opened: three appends, each of which can be repeated. The new address becomes the person's, they move
/// there, and the old one becomes free.
package struct ConfirmEmailChange: Sendable {
  package let people: People

  package init(people: People) {
    self.people = people
  }

  /// Throws the error of a link that was used, has expired or is another person's, and of an address that is somebody else's by now.
  package func callAsFunction(of principal: Principal, token: String, from client: Client) async throws {
    let (id, proof) = try await people.proof(token, of: .changeEmail)
    guard id == principal.userID else { throw AuthenticationError.linkNotValid }
    let user = try await people.user(id)
    guard let sealed = user.emailSealed(broughtBy: proof.tokenID),
      let email = try await people.vault.open(sealed, of: id).flatMap(EmailAddress.init)
    else { throw AuthenticationError.linkNotValid }
    let address = EmailDigestAndSeal(digest: try await people.vault.digest(email), sealed: sealed)
    _ = try user.decide(.changeEmail(proof, address))
    try await claim(address.digest, for: id)
    do {
      try await people.handle(.changeEmail(proof, address), of: id, from: client)
    } catch let failure as User.Failure {
      // The token was used or has expired meanwhile: what was claimed for it must not stay taken.
      if try await people.user(id).emailDigest != address.digest { try await people.release(address.digest, of: id) }
      throw failure
    }
    for former in try await people.user(id).formerDigests { try await people.release(former, of: id) }
  }

  private func claim(_ digest: String, for id: UUID) async throws {
    let claim = EmailClaim.Command.claim(EmailClaimed(emailDigest: digest, userID: id))
    let stream = StreamID.email(digest, shards: people.log.shards)
    do {
      do { try await people.log.handle(claim, by: EmailClaim.self, on: stream) } catch EmailClaim.Failure.taken(
        let owner)
      {
        try await clear(owner)
        try await people.log.handle(claim, by: EmailClaim.self, on: stream)
      }
    } catch EmailClaim.Failure.taken {
      throw AuthenticationError.emailTaken
    }
  }

  /// Who signed up with the address and never showed to read its mail gives way to one who just has: they are forgotten, as if they
  /// had asked for it. Nothing happens to anybody else.
  private func clear(_ owner: UUID) async throws {
    let now = people.clock.now
    do {
      try await people.log.handle(.giveWay(now: now), by: User.self, on: people.stream(owner))
      try await Erase(people: people)(owner, now: now)
    } catch User.Failure.absent {}
  }
}
