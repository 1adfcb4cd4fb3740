import Foundation
import TestDatabase
import Testing

@testable import Domain

/// What was done in a person's name before they had shown who they are is undone.
@Suite struct ReclaimTests {
  private let owner = UUID()
  private let guest = UUID()
  private let guestOfGuest = UUID()
  private let trusted = UUID()

  /// An account that somebody invited another to, and that one a third, and where another waits.
  private func given(whole: Bool) throws -> Account {
    var account = Account()
    let id = UUID()
    func append(_ command: Account.Command) throws { try account.decide(command).forEach { account.evolve($0) } }
    try append(.open(id: id, tier: .free, owner: whole ? owner : trusted))
    if !whole { try join(owner, by: trusted, &account) }
    try join(guest, by: owner, &account)
    try join(guestOfGuest, by: guest, &account)
    try append(.invite(invited(by: guest, to: account), invitee: nil, at: 0))
    return account
  }

  private func invited(by user: UUID, to account: Account) -> MemberInvited {
    MemberInvited(
      accountID: account.id ?? UUID(), invitationID: UUID(), emailDigest: "\(UUID())", emailSealed: "", role: .owner,
      tokenHash: "h", expiresAt: 10, invitedBy: user)
  }

  private func join(_ user: UUID, by inviter: UUID, _ account: inout Account) throws {
    let invited = invited(by: inviter, to: account)
    for command: Account.Command in [
      .invite(invited, invitee: nil, at: 0),
      .accept(invitation: invited.invitationID, tokenHash: "h", by: user, at: 0),
    ] {
      try account.decide(command).forEach { account.evolve($0) }
    }
  }

  @Test(arguments: [true, false]) func followersGoAndWhoWasThereStays(whole: Bool) throws {
    var account = try given(whole: whole)
    try account.decide(.reclaim(by: owner, whole: whole)).forEach { account.evolve($0) }
    #expect(account.members == (whole ? [owner: .owner] : [owner: .owner, trusted: .owner]))
    #expect(!account.invitations.values.contains { $0.isOpen(at: 0) })
    #expect(try account.decide(.reclaim(by: owner, whole: whole)) == [], "twice is as once")
  }

  @Test func whoWasPutOutIsOwnerAgain() throws {
    var account = try given(whole: true)
    try account.decide(.removeMember(owner)).forEach { account.evolve($0) }
    try account.decide(.reclaim(by: owner, whole: true)).forEach { account.evolve($0) }
    #expect(account.members == [owner: .owner])
  }
}
