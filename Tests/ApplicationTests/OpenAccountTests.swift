import Domain
import EventLog
import Postgres
import TestDatabase
import Testing

@testable import Application

/// An operator opens accounts by hand: what fails there is not tried again by anybody else.
@Suite struct OpenAccountTests {
  /// The key exists nowhere but in the answer: an error in its place would leave an account that nobody can use.
  @Test func theFirstKeyIsAnsweredEvenIfTheOwnersMailCanNotBeMade() async throws {
    try await Recounted.with { recounted in
      try await recounted.test.owner.query("DELETE FROM vault.secrets WHERE name = 'mail_token_key'")
      let email = try #require(EmailAddress("owner@example.com"))
      let opened = try await OpenAccount(log: recounted.test.log, vault: recounted.test.log.vault)(
        email: email, project: "shop", tier: .pro)
      #expect("\(try #require(opened.welcomeFailure))".contains("mail_token_key"))
      let stream = StreamID.project(opened.projectID, of: opened.accountID, shard: opened.shard)
      #expect(try await recounted.test.log.load(Project.self, from: stream).state.keys[opened.keyID] != nil)
    }
  }

  @Test func whoeverIsNewGetsTheirMailAndNothingIsSaidOfIt() async throws {
    try await Recounted.with { recounted in
      let email = try #require(EmailAddress("owner@example.com"))
      let opened = try await OpenAccount(log: recounted.test.log, vault: recounted.test.log.vault)(
        email: email, project: "shop", tier: .pro)
      #expect(opened.welcomeFailure == nil)
    }
  }
}
