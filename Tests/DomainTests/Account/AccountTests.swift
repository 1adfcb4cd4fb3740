import Foundation
import TestDatabase
import Testing

@testable import Domain

/// Given what happened to an account, when something is asked of it, then this follows.
@Suite struct AccountTests {
  private let id = UUID()
  private let owner = UUID()
  private let other = UUID()
  private let invitation = UUID()
  private let now: Instant = 1_764_000_000_000
  private let hash = String(repeating: "ab", count: 32)

  private func given(_ tier: Tier = .free, _ commands: Account.Command...) throws -> Account {
    var account = Account()
    for command in [.open(id: id, tier: tier, owner: owner)] + commands {
      for event in try account.decide(command) { account.evolve(event) }
    }
    return account
  }

  private func invited(_ id: UUID? = nil, to digest: String = "aa", as role: Account.Role = .member) -> MemberInvited {
    MemberInvited(
      accountID: self.id, invitationID: id ?? invitation, emailDigest: digest, emailSealed: "c2VhbGVk", role: role,
      tokenHash: hash, expiresAt: now + .seconds(1), invitedBy: owner)
  }

  private func joined(as role: Account.Role) throws -> Account {
    try given(
      .free, .invite(invited(as: role), invitee: nil, at: now),
      .accept(invitation: invitation, tokenHash: hash, by: other, at: now))
  }

  @Test(arguments: Tier.allCases) func aTierHasRoomForItsProjectsAndNoMore(tier: Tier) throws {
    var account = try given(tier)
    let projects = (0..<tier.projectLimit).map { _ in UUID() }
    for project in projects { try account.decide(.addProject(project, at: now)).forEach { account.evolve($0) } }
    #expect(throws: Account.Failure.projectLimitReached(tier)) { try account.decide(.addProject(UUID(), at: now)) }
    #expect(try account.decide(.addProject(projects[0], at: now)) == [], "what is there needs no room")
    try account.decide(.removeProject(projects[0])).forEach { account.evolve($0) }
    #expect(try account.decide(.addProject(UUID(), at: now)).count == 1, "archiving one frees its place")
  }

  @Test func anAccountIsCalledWhatItWasLastNamed() throws {
    let account = try given(.free, .name("Engines"), .name("Analytical Engines"))
    #expect(account.name == "Analytical Engines" && Account().name == nil)
    #expect(try account.decide(.name("Analytical Engines")) == [], "it is so already")
    for name in ["", "  ", "a\nb", String(repeating: "a", count: Account.maximumNameLength + 1)] {
      #expect(throws: Account.Failure.badName(maximumCharacters: Account.maximumNameLength)) {
        try account.decide(.name(name))
      }
    }
    #expect(throws: Account.Failure.closed) { try given(.free, .close).decide(.name("late")) }
  }

  @Test func theOneInvitedJoinsInTheRoleOffered() throws {
    let account = try joined(as: .readOnly)
    #expect(account.members == [owner: .owner, other: .readOnly])
    let again = Account.Command.accept(
      invitation: invitation, tokenHash: hash, by: other, at: now + .milliseconds(9_999))
    #expect(try account.decide(again) == [], "accepting twice is the same as once")
    #expect(throws: Account.Failure.invitationUsed) {
      try account.decide(.accept(invitation: invitation, tokenHash: hash, by: UUID(), at: now))
    }
  }

  @Test func anInvitationOpensOnlyToItsTokenAndInTime() throws {
    let account = try given(.free, .invite(invited(), invitee: nil, at: now))
    #expect(throws: Account.Failure.noSuchInvitation(invitation)) {
      try account.decide(.accept(invitation: invitation, tokenHash: "00", by: other, at: now))
    }
    #expect(throws: Account.Failure.invitationExpired) {
      try account.decide(.accept(invitation: invitation, tokenHash: hash, by: other, at: now + .seconds(1)))
    }
    #expect(throws: Account.Failure.alreadyMember(owner)) {
      try account.decide(.accept(invitation: invitation, tokenHash: hash, by: owner, at: now))
    }
    let revoked = try given(.free, .invite(invited(), invitee: nil, at: now), .revokeInvitation(invitation))
    #expect(throws: Account.Failure.invitationRevoked) {
      try revoked.decide(.accept(invitation: invitation, tokenHash: hash, by: other, at: now))
    }
    #expect(try revoked.decide(.revokeInvitation(invitation)) == [])
  }

  @Test func aSecondInvitationToAnAddressReplacesTheFirst() throws {
    let account = try given(.free, .invite(invited(), invitee: nil, at: now))
    let second = invited(UUID(), as: .admin)
    #expect(
      try account.decide(.invite(second, invitee: nil, at: now)) == [
        .invitationRevoked(InvitationRevoked(accountID: id, invitationID: invitation)), .memberInvited(second),
      ])
    #expect(try account.decide(.invite(invited(), invitee: nil, at: now)) == [], "the same request once more")
    #expect(throws: Account.Failure.invitationDiffers(invitation)) {
      try account.decide(.invite(invited(as: .admin), invitee: nil, at: now))
    }
    #expect(throws: Account.Failure.alreadyMember(owner)) {
      try account.decide(.invite(second, invitee: owner, at: now))
    }
  }

  @Test func openInvitationsAreBounded() throws {
    var account = try given()
    for index in 0..<Account.maximumOpenInvitations {
      let command = Account.Command.invite(invited(UUID(), to: "\(index)"), invitee: nil, at: now)
      try account.decide(command).forEach { account.evolve($0) }
    }
    #expect(throws: Account.Failure.tooManyInvitations(maximum: 25)) {
      try account.decide(.invite(invited(UUID(), to: "x"), invitee: nil, at: now))
    }
    #expect(try account.decide(.invite(invited(UUID(), to: "3"), invitee: nil, at: now)).count == 2, "one for one")
    #expect(
      try account.decide(.invite(invited(UUID(), to: "x"), invitee: nil, at: now + .seconds(1))).count == 1,
      "they expired")
  }

  @Test func thereIsAlwaysAnOwner() throws {
    let account = try joined(as: .admin)
    #expect(throws: Account.Failure.lastOwner) { try account.decide(.removeMember(owner)) }
    #expect(throws: Account.Failure.lastOwner) { try account.decide(.changeRole(of: owner, to: .admin)) }
    #expect(try account.decide(.changeRole(of: owner, to: .owner)) == [])
    let shared = try joined(as: .owner)
    #expect(try shared.decide(.removeMember(owner)).count == 1)
    #expect(
      try shared.decide(.changeRole(of: owner, to: .readOnly)) == [
        .memberRoleChanged(MemberRoleChanged(accountID: id, userID: owner, role: .readOnly))
      ])
    #expect(throws: Account.Failure.noSuchMember(id)) { try shared.decide(.removeMember(id)) }
  }

  /// They may have asked themselves, under another address.
  @Test func whatSomebodyOfferedGoesWithTheRightToOfferIt() throws {
    func open(by inviter: UUID) throws -> (account: Account, revoked: [Account.Event]) {
      var account = try joined(as: .owner)
      var offer = invited(UUID(), to: "cc", as: .owner)
      offer.invitedBy = inviter
      try account.decide(.invite(offer, invitee: nil, at: now)).forEach { account.evolve($0) }
      let revoked = InvitationRevoked(accountID: id, invitationID: offer.invitationID)
      return (account, [.invitationRevoked(revoked)])
    }
    let theirs = try open(by: other)
    #expect(try theirs.account.decide(.removeMember(other)).dropFirst().elementsEqual(theirs.revoked))
    #expect(try theirs.account.decide(.changeRole(of: other, to: .member)).dropFirst().elementsEqual(theirs.revoked))
    #expect(try theirs.account.decide(.changeRole(of: owner, to: .member)).count == 1, "of nobody else")
    let another = try open(by: owner)
    #expect(try another.account.decide(.removeMember(other)).count == 1, "of nobody else")
  }

  @Test func whoeverIsErasedGoesAndTheirLastAccountCloses() throws {
    let removed = Account.Event.memberRemoved(MemberRemoved(accountID: id, userID: owner))
    #expect(try given().decide(.forget(owner)) == [.closed(AccountClosed(accountID: id)), removed])
    #expect(try joined(as: .owner).decide(.forget(owner)) == [removed])
    #expect(try given().decide(.forget(other)) == [])
  }

  @Test func nothingHappensToAClosedAccount() throws {
    let account = try given(.free, .close)
    #expect(try account.decide(.close) == [])
    let commands: [Account.Command] = [
      .addProject(UUID(), at: now), .invite(invited(), invitee: nil, at: now), .changeRole(of: owner, to: .admin),
      .removeMember(owner),
    ]
    for command in commands { #expect(throws: Account.Failure.closed) { try account.decide(command) } }
    #expect(throws: Account.Failure.notOpen) { try Account().decide(.close) }
  }
}
