import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Server

/// Which events become mails, to whom, and what is in them.
@Suite(.timeLimit(.whatHangs)) struct MailReactorTests {
  @Test func everythingThatConcernsAPersonIsMailedToThemOnce() async throws {
    try await MailDesk.with { desk in
      let ada = try await desk.person("ada@example.com")
      let verify = try await desk.issueToken(.verifyEmail, to: ada)
      let reset = try await desk.issueToken(.resetPassword, to: ada)
      let change = try await desk.issueToken(.changeEmail, to: ada, for: "ada@example.net")
      try await desk.tell(ada, .resetPassword(.init(reset, at: desk.clock.now), passwordSealed: "c2VhbGVk"))
      try await desk.signUpAgain(ada, "ada@example.com")
      try await desk.signUpAgain(ada, "ada@example.com")
      let new = EmailDigestAndSeal(
        digest: try await desk.vault.digest(try #require(EmailAddress("ada@example.net"))),
        sealed: try await desk.vault.seal("ada@example.net", for: ada))
      try await desk.tell(ada, .changeEmail(.init(change, at: desk.clock.now), new))
      try await desk.tell(ada, .requestDeletion(due: desk.clock.now + .days(1)))
      try await desk.steal(from: ada)

      let box = Letterbox()
      try await desk.working(through: box) { try await soon("eight mails") { await box.mails.count >= 8 } }
      let mails = await box.mails
      let found = Dictionary(grouping: mails, by: \.subject.text).mapValues { $0.map(\.to.address) }
      #expect(
        found == [
          // Written after the address was changed: to where the person reads mail now.
          "Verify your e-mail address": ["ada@example.net"], "Choose a new password": ["ada@example.net"],
          "Confirm your new e-mail address": ["ada@example.net"], "You have an account already": ["ada@example.net"],
          "Your password was changed": ["ada@example.net"], "Your e-mail address was changed": ["ada@example.com"],
          "Your user will be deleted": ["ada@example.net"], "A session of yours was ended": ["ada@example.net"],
        ])
      for (token, page) in [(verify, "verify"), (reset, "reset-password"), (change, "change-email")] {
        let mail = try #require(mails.first { $0.link == "\(desk.base)/\(page)?token=\(token.text)" })
        #expect(mail.text.contains("\n\(token.text)\n") && mail.html.contains(token.text))
      }
    }
  }

  @Test func anInvitationGoesToTheInvitedAddressUnlessItIsTakenBack() async throws {
    try await MailDesk.with { desk in
      let owner = try await desk.person("owner@example.com")
      let account = try await desk.account(of: owner)
      let gone = try await desk.invite("gone@example.com", to: account, by: owner)
      _ = try await desk.invite("guest@example.com", to: account, by: owner)
      try await desk.test.log.handle(.revokeInvitation(gone), by: Account.self, on: account)
      let box = Letterbox()
      try await desk.working(through: box) {
        try await soon("both are done") { try await desk.count("sent") + desk.count("dropped") == 2 }
      }
      let mails = await box.mails
      #expect(mails.map(\.to.address) == ["guest@example.com"])
      #expect(
        mails.first?.text.contains("as read-only") == true && mails.first?.link?.contains("/invitation?token=") == true)
    }
  }

  /// By its name once it has one, by the inviter's address until they say what they are called.
  @Test func anInvitationSaysWhoInvitesToWhichAccount() async throws {
    try await MailDesk.with { desk in
      let owner = try await desk.person("owner@example.com")
      let account = try await desk.account(of: owner)
      let id = try #require(account.accountID)
      _ = try await desk.invite("first@example.com", to: account, by: owner)
      let box = Letterbox()
      try await desk.working(through: box) {
        try await soon("the first is sent") { try await desk.count("sent") == 1 }
        let name = try await desk.vault.seal("Ada Lovelace", for: owner)
        try await desk.tell(owner, .changeProfile(nameSealed: name, timeZone: nil))
        try await desk.test.log.handle(.name("Analytical Engines"), by: Account.self, on: account)
        _ = try await desk.invite("second@example.com", to: account, by: owner)
        try await soon("the second is sent") { try await desk.count("sent") == 2 }
      }
      let texts = await box.mails.sorted { $0.to.address < $1.to.address }.map(\.text)
      #expect(texts.first?.contains("owner@example.com invites you to the account \(id.text) at") == true)
      #expect(texts.last?.contains("Ada Lovelace invites you to the account Analytical Engines at") == true)
    }
  }

  @Test func ownersAndAdminsAreToldOfAQuotaEachOnce() async throws {
    try await MailDesk.with { desk in
      let first = try await desk.person("first@example.com")
      let account = try await desk.account(of: first, tier: .pro)
      try await desk.join("second@example.com", account, by: first, as: .owner)
      try await desk.join("admin@example.com", account, by: first, as: .admin)
      try await desk.join("member@example.com", account, by: first, as: .member)
      try await desk.track(40_100, of: account)
      try await desk.track(10_000, of: account)
      let told = try await desk.told(6)
      #expect(
        told == [
          "admin@example.com 80 %", "admin@example.com The ", "first@example.com 80 %", "first@example.com The ",
          "second@example.com 80 %", "second@example.com The ",
        ])
    }
  }

  @Test func onAFreeAccountOnlyThatTheQuotaIsUsedUpIsMailed() async throws {
    try await MailDesk.with { desk in
      let account = try await desk.account(of: try await desk.person("ada@example.com"))
      try await desk.track(850, of: account)
      try await desk.track(200, of: account)
      #expect(try await desk.told(1) == ["ada@example.com The "])
    }
  }

  @Test func ofAQuotaThatIsUsedUpAtOnceTheEightyPercentAreNotTold() async throws {
    try await MailDesk.with { desk in
      let account = try await desk.account(of: try await desk.person("ada@example.com"), tier: .pro)
      try await desk.track(50_001, of: account)
      #expect(try await desk.told(1) == ["ada@example.com The "])
    }
  }

  @Test func whoWasErasedAndWhatHasExpiredIsDropped() async throws {
    try await MailDesk.with { desk in
      let erased = try await desk.person("erased@example.com")
      try await desk.issueToken(.verifyEmail, to: erased)
      try await desk.tell(erased, .requestDeletion(due: desk.clock.now))
      try await desk.tell(erased, .erase(now: desk.clock.now))
      try await desk.issueToken(.verifyEmail, to: try await desk.person("late@example.com"), minutes: 5)
      try await desk.queue()
      desk.clock.advance(seconds: 301)
      let box = Letterbox()
      try await desk.working(through: box) { try await soon("all are done") { try await desk.count("dropped") == 3 } }
      #expect(await box.attempts == 0)
    }
  }

  @Test func aReactorThatIsNewOnAnOldLogTellsNobodyOfOldNews() async throws {
    try await MailDesk.with { desk in
      let ada = try await desk.person("ada@example.com")
      try await desk.issueToken(.verifyEmail, to: ada)
      try await desk.test.owner.query("UPDATE log.batches SET recorded_at = recorded_at - interval '73 hours'")
      try await desk.issueToken(.resetPassword, to: ada)
      try await desk.queue()
      #expect(try await desk.count("queued") == 1)

      // One that was away so long does not begin with them either.
      try await desk.test.owner.query("DELETE FROM operations.mails")
      try await desk.test.owner.query("UPDATE operations.reactors SET position = 0")
      try await desk.queue()
      #expect(try await desk.count("queued") == 1)
    }
  }

  @Test func theQueueHoldsNoAddressAndNoToken() async throws {
    try await MailDesk.with { desk in
      let ada = try await desk.person("ada@example.com")
      let token = try await desk.issueToken(.verifyEmail, to: ada)
      let box = Letterbox(failing: MailFailure(isPermanent: false, reason: "550 <ada@example.com> is unknown"))
      try await desk.working(through: box) { try await soon("an attempt") { try await desk.reason() != nil } }
      let text: String =
        try await desk.test.owner.query("SELECT m::text AS text FROM operations.mails AS m").first?
        .decode("text") ?? ""
      #expect(text.contains("<address> is unknown"))
      #expect(!text.contains("ada@") && !text.contains(token.text) && !text.contains(token.hash))
    }
  }
}

extension MailDesk {
  /// Somebody who accepts an invitation, and gets a role then.
  @discardableResult
  func join(_ address: String, _ account: StreamID, by owner: UUID, as role: Account.Role) async throws -> UUID {
    let person = try await person(address)
    let invitation = try await invite(address, to: account, by: owner)
    let hash = MailToken(
      id: invitation, purpose: MailToken.invitation, owner: try #require(account.accountID),
      key: try await Secrets(vault: vault).key(.mailTokenKey)
    ).hash
    try await test.log.handle(
      .accept(invitation: invitation, tokenHash: hash, by: person, at: clock.now), by: Account.self, on: account)
    try await test.log.handle(.changeRole(of: person, to: role), by: Account.self, on: account)
    return person
  }

  /// So many live events of this month.
  func track(_ count: Int, of account: StreamID) async throws {
    let source = TelemetrySource(
      accountID: try #require(account.accountID), projectID: UUID(), keyID: UUID(), mode: .live)
    _ = try await test.log.append([AppendUnit(.sample(source, count: count))], shard: account.shard)
  }

  /// Works until so many of the mails that are no invitations are sent: to whom, and how each begins.
  func told(_ count: Int) async throws -> [String] {
    let box = Letterbox()
    try await working(through: box) {
      try await soon("nothing is left to be sent") {
        let noted = try await test.owner.query("SELECT count(*) AS n FROM operations.mails WHERE kind <> 'invitation'")
          .first?.decode("n", as: Int.self)
        let waiting = try await self.count("queued") + self.count("sending")
        return noted == count && waiting == 0
      }
    }
    return await box.mails.filter { !$0.subject.text.hasPrefix("You are invited") }
      .map { "\($0.to.address) \($0.subject.text.prefix(4))" }.sorted()
  }

  func signUpAgain(_ person: UUID, _ address: String) async throws {
    let email = try #require(EmailAddress(address))
    let registration = UserRegistered(
      userID: person, emailDigest: try await vault.digest(email),
      emailSealed: try await vault.seal(address, for: person))
    let token = TokenIssued(
      userID: person, tokenID: UUID(), purpose: .verifyEmail, tokenHash: String(repeating: "0", count: 64), expiresAt: 1
    )
    try await tell(person, .signUp(registration, passwordSealed: "c2VhbGVk", token: token, welcome: token))
  }

  /// Somebody uses a refresh token that was used before.
  func steal(from person: UUID) async throws {
    let id = UUID()
    let stream = StreamID.session(id, shard: test.log.shards.shard(of: person))
    let hashes = ["a", "b", "c"].map { String(repeating: $0, count: 64) }
    let expiry = clock.now + .hours(1)
    let start = SessionStarted(
      sessionID: id, userID: person, tokenHash: hashes[0], expiresAt: expiry, generation: 0)
    try await test.log.handle(.start(start), by: Session.self, on: stream)
    for hash in hashes[1...] {
      let refreshed = SessionRefreshed(
        sessionID: id, userID: person, tokenHash: hash, expiresAt: expiry, generation: 0)
      try await test.log.handle(
        .refresh(tokenHash: hashes[0], with: refreshed, now: clock.now), by: Session.self, on: stream)
    }
  }
}

extension TokenProof {
  init(_ token: MailToken, at now: Instant) {
    self.init(tokenID: token.id, tokenHash: token.hash, now: now)
  }
}
