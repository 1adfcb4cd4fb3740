import Foundation
import TestDatabase
import Testing

@testable import Domain

/// Given what happened to a person, when something is asked, then this follows.
@Suite struct UserTests {
  private let id = UUID()
  private let now: Instant = 1_764_000_000_000

  private func token(_ purpose: TokenIssued.Purpose, _ hash: String = "aa", sealed: String? = nil) -> TokenIssued {
    TokenIssued(
      userID: id, tokenID: UUID(), purpose: purpose, tokenHash: hash, expiresAt: now + .seconds(1), emailSealed: sealed)
  }

  private func proof(_ token: TokenIssued, after milliseconds: Int64 = 0, hash: String? = nil) -> TokenProof {
    TokenProof(tokenID: token.tokenID, tokenHash: hash ?? token.tokenHash, now: now + .milliseconds(milliseconds))
  }

  private var registration: UserRegistered { UserRegistered(userID: id, emailDigest: "d1", emailSealed: "s1") }

  /// A person who signed up, after these commands.
  private func given(_ commands: User.Command...) throws -> User {
    var user = User()
    let first = User.Command.signUp(
      registration, passwordSealed: "p1", token: token(.verifyEmail), welcome: token(.setPassword))
    for command in [first] + commands { try user.decide(command).forEach { user.evolve($0) } }
    return user
  }

  @Test func signingUpAgainOnceVerifiedChangesNothingAndIsOnlyNoted() throws {
    let mine = token(.verifyEmail)
    let user = try given(.issueToken(mine), .verifyEmail(proof(mine)))
    let again = User.Command.signUp(
      registration, passwordSealed: "p2", token: token(.verifyEmail), welcome: token(.setPassword))
    #expect(try user.decide(again) == [.signUpRepeated(SignUpRepeated(userID: id))])
    #expect(user.passwordSealed == "p1")
  }

  @Test func nobodyWhoIsNotRegisteredCanDoAnything() {
    let commands: [User.Command] = [
      .issueToken(token(.verifyEmail)), .endSessions, .requestDeletion(due: now), .cancelDeletion(now: now),
      .changeProfile(nameSealed: nil, timeZone: nil), .erase(now: now),
    ]
    for command in commands { #expect(throws: User.Failure.absent) { try User().decide(command) } }
  }

  @Test func aTokenWorksOnceForItsPurposeUntilItExpires() throws {
    let token = token(.verifyEmail)
    let user = try given(.issueToken(token))
    #expect(throws: User.Failure.invalidToken) { try user.decide(.verifyEmail(proof(token, hash: "ab"))) }
    #expect(throws: User.Failure.invalidToken) { try user.decide(.verifyEmail(proof(token, after: 1_000))) }
    #expect(throws: User.Failure.invalidToken) {
      try user.decide(.resetPassword(proof(token), passwordSealed: "p2"))
    }
    let verified = try given(.issueToken(token), .verifyEmail(proof(token, after: 999)))
    #expect(verified.isVerified)
    #expect(throws: User.Failure.invalidToken) { try verified.decide(.verifyEmail(proof(token))) }
  }

  @Test func aResetVerifiesEndsAllSessionsAndVoidsEveryOtherLink() throws {
    let (first, second) = (token(.resetPassword), token(.resetPassword))
    let user = try given(
      .issueToken(first), .issueToken(second), .resetPassword(proof(second), passwordSealed: "p2"))
    #expect(user.isVerified)
    #expect(user.passwordSealed == "p2")
    #expect(!user.keeps(session: UUID(), of: 0))
    #expect(throws: User.Failure.invalidToken) { try user.decide(.resetPassword(proof(first), passwordSealed: "p3")) }
  }

  @Test func aChangedPasswordSparesTheSessionItWasChangedIn() throws {
    let session = UUID()
    let user = try given(.changePassword(passwordSealed: "p2", from: "p1", keeping: session))
    #expect(user.keeps(session: session, of: 0))
    #expect(!user.keeps(session: UUID(), of: 0))
    #expect(user.keeps(session: UUID(), of: user.generation), "one that starts after")
    #expect(throws: User.Failure.passwordChanged) {
      try user.decide(.changePassword(passwordSealed: "p3", from: "p1", keeping: session))
    }
    #expect(try user.decide(.rehash(passwordSealed: "p3", from: "p1")) == [], "of a password that is no more")
  }

  @Test func aSessionSparedOnceIsEndedByTheNextEnding() throws {
    let session = UUID()
    let user = try given(.changePassword(passwordSealed: "p2", from: "p1", keeping: session), .endSessions)
    #expect(!user.keeps(session: session, of: 0))
  }

  @Test func aChangeOfAddressBearsBeingAskedForAgainAndVoidsWhatWasMailedToTheOldOne() throws {
    let change = token(.changeEmail, sealed: "s2")
    let reset = token(.resetPassword)
    let address = EmailDigestAndSeal(digest: "d2", sealed: "s2")
    let user = try given(.issueToken(reset), .issueToken(change), .changeEmail(proof(change), address))
    #expect(user.emailDigest == "d2" && user.isVerified && user.formerDigests == ["d1"])
    #expect(try user.decide(.changeEmail(proof(change), address)) == [], "its answer may have been lost")
    #expect(throws: User.Failure.invalidToken) { try user.decide(.resetPassword(proof(reset), passwordSealed: "p")) }
  }

  @Test func aProfileThatStaysAsItIsLeavesNoTrace() throws {
    let user = try given(.changeProfile(nameSealed: "n", timeZone: "UTC"))
    #expect(try user.decide(.changeProfile(nameSealed: "n", timeZone: "UTC")) == [])
    #expect(try user.decide(.changeProfile(nameSealed: nil, timeZone: "UTC")).count == 1)
  }

  @Test func erasureComesOnlyWhenDueAndIsTheEnd() throws {
    let user = try given(.requestDeletion(due: now + .milliseconds(10)))
    #expect(try user.decide(.requestDeletion(due: now + .milliseconds(99))) == [], "asked again it comes no later")
    #expect(throws: User.Failure.notDue) { try user.decide(.erase(now: now + .milliseconds(9))) }
    #expect(throws: User.Failure.beingErased) { try user.decide(.cancelDeletion(now: now + .milliseconds(10))) }
    #expect(throws: User.Failure.notDue) {
      try given(.requestDeletion(due: now + .milliseconds(10)), .cancelDeletion(now: now)).decide(
        .erase(now: now + .milliseconds(10)))
    }
    let erased = try given(.requestDeletion(due: now + .milliseconds(10)), .erase(now: now + .milliseconds(10)))
    #expect(!erased.isPresent && !erased.keeps(session: UUID(), of: erased.generation))
    #expect(throws: User.Failure.absent) { try erased.decide(.issueToken(token(.resetPassword))) }
    let again = User.Command.signUp(
      registration, passwordSealed: "p2", token: token(.verifyEmail), welcome: token(.setPassword))
    #expect(try erased.decide(again) == [])
  }

  @Test func anAddressIsReleasedByItsOwnerAlone() throws {
    var claim = EmailClaim()
    try claim.decide(.claim(EmailClaimed(emailDigest: "d1", userID: id))).forEach { claim.evolve($0) }
    #expect(try claim.decide(.release(EmailReleased(emailDigest: "d1", userID: UUID()))) == [])
    try claim.decide(.release(EmailReleased(emailDigest: "d1", userID: id))).forEach { claim.evolve($0) }
    let other = EmailClaimed(emailDigest: "d1", userID: UUID())
    #expect(try claim.decide(.claim(other)) == [.claimed(other)])
  }
}
