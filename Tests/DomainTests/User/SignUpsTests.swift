import Foundation
import TestDatabase
import Testing

@testable import Domain

/// Several sign up with one address that nobody has verified: whose mail is opened is the person.
@Suite struct SignUpsTests {
  private let id = UUID()
  private let now: Instant = 1_764_000_000_000

  private func token(_ purpose: TokenIssued.Purpose = .verifyEmail, lifetime: Int64 = 1_000) -> TokenIssued {
    TokenIssued(
      userID: id, tokenID: UUID(), purpose: purpose, tokenHash: "aa", expiresAt: now + .milliseconds(lifetime))
  }

  private var welcome: TokenIssued {
    TokenIssued(userID: id, tokenID: id, purpose: .setPassword, tokenHash: "ww", expiresAt: now + .seconds(1))
  }

  private func proof(_ token: TokenIssued) -> TokenProof {
    TokenProof(tokenID: token.tokenID, tokenHash: token.tokenHash, now: now)
  }

  private func signUp(_ password: String, _ token: TokenIssued) -> User.Command {
    .signUp(
      UserRegistered(userID: id, emailDigest: "d1", emailSealed: "s1"), passwordSealed: password, token: token,
      welcome: welcome)
  }

  private func given(_ commands: User.Command...) throws -> User {
    var user = User()
    for command in commands { try user.decide(command).forEach { user.evolve($0) } }
    return user
  }

  /// Attacker and victim in either order, and whichever mail is opened.
  @Test(arguments: [0, 1], [2, 3]) func theOpenedMailsSignUpCounts(opened: Int, count: Int) throws {
    let tokens = (0..<count).map { _ in token() }
    var user = User()
    for (number, token) in tokens.enumerated() {
      try user.decide(signUp("p\(number)", token)).forEach { user.evolve($0) }
    }
    #expect(!user.isVerified && user.passwordSealed == "p0" && user.claimedPasswordSealed == "p\(count - 1)")
    let events = try user.decide(.verifyEmail(proof(tokens[opened])))
    events.forEach { user.evolve($0) }
    #expect(user.isVerified && user.passwordSealed == "p\(opened)" && user.claimedPasswordSealed == "p\(opened)")
    #expect(!user.keeps(session: UUID(), of: 0), "what began before is over")
    for token in tokens {
      #expect(throws: User.Failure.invalidToken) { try user.decide(.verifyEmail(proof(token))) }
    }
    #expect(user.isDoubtful(at: now + .milliseconds(999)), "the other mail's reader may show in a reset")
    #expect(!user.isDoubtful(at: now + .seconds(1)))
  }

  @Test func aLoneSignUpIsVerifiedAsEverAndNotDoubted() throws {
    let token = token()
    let user = try given(signUp("p0", token), .verifyEmail(proof(token)))
    #expect(user.passwordSealed == "p0" && user.generation == 0 && !user.isDoubtful(at: now))
  }

  @Test func anotherMailIsOfTheOneSignUpOrLetsItsReaderChoose() throws {
    let (verify, reset) = (token(), token(.resetPassword))
    let again = User.Command.mailAgain(verify: verify, reset: reset)
    #expect(try given(signUp("p0", token())).decide(again) == [.tokenIssued(verify)])
    #expect(try given(signUp("p0", token()), again).decide(again) == [.tokenIssued(verify)], "however often")
    #expect(try given(signUp("p0", token()), signUp("p1", token())).decide(again) == [.tokenIssued(reset)])
    let late = try given(signUp("p0", token(lifetime: -1)), signUp("p1", token()))
    #expect(try late.decide(again) == [.tokenIssued(reset)], "though the first one's link has expired")
    let registered = UserRegistered(userID: id, emailDigest: "d1", emailSealed: "s1")
    #expect(try given(.register(registered)).decide(again) == [.tokenIssued(reset)])
  }

  @Test func anOperatorsWordVoidsWhatStrangersSignedUpWith() throws {
    let (mine, reset) = (token(), token(.resetPassword))
    let registered = UserRegistered(userID: id, emailDigest: "d1", emailSealed: "s1")
    var user = try given(signUp("p0", mine), .register(registered), .issueToken(reset))
    #expect(throws: User.Failure.invalidToken) { try user.decide(.verifyEmail(proof(mine))) }
    #expect(user.claimedPasswordSealed == nil)
    #expect(try user.decide(.register(registered)) == [], "once")
    #expect(
      try user.decide(signUp("p1", token())) == [.tokenIssued(welcome)], "whoever signed up typed no password of theirs"
    )
    try user.decide(.resetPassword(proof(reset), passwordSealed: "p2")).forEach { user.evolve($0) }
    #expect(user.isVerified && user.passwordSealed == "p2" && !user.isDoubtful(at: now))
  }

  /// By the mail that an operator's opening of an account sends, or by that of their own sign-up after it.
  @Test(arguments: [false, true]) func whoAnOperatorRegisteredChoosesAPasswordByMail(signsUp: Bool) throws {
    let registered = UserRegistered(userID: id, emailDigest: "d1", emailSealed: "s1")
    var user = try given(.register(registered), signsUp ? signUp("p1", token()) : .welcome(welcome))
    #expect(!user.isVerified && user.passwordSealed == nil)
    #expect(throws: User.Failure.invalidToken) { try user.decide(.verifyEmail(proof(welcome))) }
    try user.decide(.resetPassword(proof(welcome), passwordSealed: "p2")).forEach { user.evolve($0) }
    #expect(user.isVerified && user.passwordSealed == "p2")
    #expect(throws: User.Failure.invalidToken) {
      try user.decide(.resetPassword(proof(welcome), passwordSealed: "p3"))
    }
    #expect(try user.decide(.welcome(welcome)) == [], "who has a password needs no mail")
  }

  @Test func whoNeverShowedToReadTheMailGivesWayAndNobodyElse() throws {
    let mine = token()
    let registered = UserRegistered(userID: id, emailDigest: "d1", emailSealed: "s1")
    let due = User.Event.deletionRequested(DeletionRequested(userID: id, dueAt: now))
    #expect(try given(signUp("p0", mine)).decide(.giveWay(now: now)) == [due])
    #expect(try given(signUp("p0", mine), .verifyEmail(proof(mine))).decide(.giveWay(now: now)) == [])
    #expect(try given(.register(registered)).decide(.giveWay(now: now)) == [], "an operator's word stands")
  }

  /// As the release before wrote them.
  @Test func eventsOfTheFirstVersionAreReadAsTheyWere() throws {
    let issued = try EventCoding.decode(
      TokenIssued.self,
      from: Array(
        #"{"user_id":"\#(id)","token_id":"\#(id)","purpose":"verify_email","token_hash":"aa","expires_at":\#(now.milliseconds + 1)}"#
          .utf8))
    #expect(issued.passwordSealed == nil)
    let user = try given(signUp("p0", issued), .verifyEmail(proof(issued)))
    #expect(user.passwordSealed == "p0")
    let ended = try EventCoding.decode(
      SessionsEnded.self, from: Array(#"{"user_id":"\#(id)","cause":"password_reset"}"#.utf8))
    #expect(ended.cause == .passwordReset)
  }

  /// A log of the release before: a further sign-up left no password, and the first one's counts.
  @Test func whatWasNotedBeforeStillCastsDoubt() throws {
    let token = token()
    var user = try given(signUp("p0", token))
    user.evolve(.signUpRepeated(SignUpRepeated(userID: id)))
    try user.decide(.verifyEmail(proof(token))).forEach { user.evolve($0) }
    #expect(user.passwordSealed == "p0" && user.isDoubtful(at: now))
  }
}
