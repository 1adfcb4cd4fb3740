import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Postgres
import Server
import TestDatabase
import Testing

extension Service {
  /// Somebody who has signed up, and may have logged in.
  struct SignedUp: Sendable {
    let email: String
    let password: String
    let id: UUID
    var access = ""
    var refresh = ""
    var session = ""
  }

  static let password = "thistle-97-gravel"

  /// The same log, served by another process: or by this one after a restart.
  func elsewhere(
    _ settings: PeopleSettings = people, _ setup: TestingSetup = .router,
    _ body: @Sendable (Service) async throws -> Void
  ) async throws {
    let log = try await test.another()
    let server = RecountServer(
      log: log, projections: Self.projections, clock: clock, people: settings, patience: .zero,
      logger: Self.silent)
    try await server.application(host: "127.0.0.1", port: 0).test(setup) { client in
      try await body(Service(test: test, clock: clock, signing: signing, client: client))
    }
    await log.close()
  }

  /// The same log, served to clients whose addresses a proxy tells: see ``post(_:_:from:)``.
  func behindProxy(
    _ settings: PeopleSettings = people, _ body: @Sendable (Service) async throws -> Void
  ) async throws {
    var settings = settings
    settings.trustedProxies = try #require(TrustedProxies("127.0.0.1"))
    try await elsewhere(settings, .live, body)
  }

  /// From a client at an address.
  func post(_ uri: String, _ members: [String: String], from client: String) async throws -> Answer {
    let name = try #require(HTTPField.Name("X-Forwarded-For"))
    return try await send(
      .post, uri, headers: [name: client], body: ByteBuffer(bytes: try JSONEncoder().encode(members)))
  }

  func post(_ uri: String, _ members: [String: String], key: String? = nil) async throws -> Answer {
    try await send(.post, uri, members, key: key)
  }

  func send(
    _ method: HTTPRequest.Method, _ uri: String, _ members: [String: String?], key: String? = nil
  ) async throws -> Answer {
    try await send(method, uri, key: key, body: ByteBuffer(bytes: try JSONEncoder().encode(members)))
  }

  /// Signed up, not verified.
  func signUp(_ email: String? = nil, password: String = password) async throws -> SignedUp {
    let email = email ?? "p\(UUID().uuidString.prefix(8))@example.com"
    let answer = try await post("/api/v1/auth/sign-up", ["email": email, "password": password])
    #expect(answer.status == 202)
    return SignedUp(email: email, password: password, id: try #require(try await owner(of: email)))
  }

  /// Signed up and verified.
  func verified(_ email: String? = nil) async throws -> SignedUp {
    let person = try await signUp(email)
    let token = try #require(try await mailed(.verifyEmail, to: person.id))
    #expect(try await post("/api/v1/auth/verify", ["token": token]).status == 200)
    return person
  }

  /// Signed up, verified and logged in; known to the read models.
  func loggedIn(_ email: String? = nil) async throws -> SignedUp {
    let person = try await logIn(try await self.verified(email))
    try await catchUp(only: ["directory", "people"])
    return person
  }

  func logIn(_ person: SignedUp) async throws -> SignedUp {
    let answer = try await post("/api/v1/auth/log-in", ["email": person.email, "password": person.password])
    #expect(answer.status == 200)
    return with(answer, person)
  }

  func with(_ tokens: Answer, _ person: SignedUp) -> SignedUp {
    var person = person
    person.access = tokens["access_token"].string ?? ""
    person.refresh = tokens["refresh_token"].string ?? ""
    person.session = tokens["session_id"].string ?? ""
    return person
  }

  func refresh(_ token: String) async throws -> Answer {
    try await post("/api/v1/auth/refresh", ["refresh_token": token])
  }

  /// What the link in the last mail of a purpose carries: made again from its event, as the mail is.
  func mailed(_ purpose: TokenIssued.Purpose, to user: UUID) async throws -> String? {
    let row = try await test.owner.query(
      """
      SELECT data ->> 'token_id' AS id FROM log.events
      WHERE type = 'token_issued' AND data ->> 'user_id' = \(user.uuidString.lowercased())
        AND data ->> 'purpose' = \(purpose.rawValue)
      ORDER BY position DESC LIMIT 1
      """
    ).first
    guard let text = try row?.decode("id", as: String.self), let id = UUID(uuidString: text) else { return nil }
    let key = try await Secrets(vault: Vault(pool: test.log.pool)).key(.mailTokenKey)
    return MailToken(id: id, purpose: purpose.rawValue, owner: user, key: key).text
  }

  /// Whose an address is.
  func owner(of email: String) async throws -> UUID? {
    let digest = try await Vault(pool: test.log.pool).digest(try #require(EmailAddress(email)))
    return try await test.log.load(EmailClaim.self, from: .email(digest, shards: test.log.shards)).state.owner
  }

  /// How many events of a type there are, of a person if one is given.
  func events(_ type: String, of user: UUID? = nil) async throws -> Int {
    guard let user else { return try await number("SELECT count(*) AS n FROM log.events WHERE type = \(type)") }
    return try await number(
      """
      SELECT count(*) AS n FROM log.events
      WHERE type = \(type) AND data ->> 'user_id' = \(user.uuidString.lowercased())
      """)
  }
}
