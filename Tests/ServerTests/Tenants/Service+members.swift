import Domain
import EventLog
import Foundation
import HTTPTypes
import NIOCore
import TestDatabase

@testable import Application
@testable import Server

extension Service {
  /// A person who is logged in.
  struct Person: Sendable {
    let id: UUID
    let email: String
    /// Their access token.
    let token: String
  }

  private var vault: Vault { Vault(pool: test.log.pool) }

  /// A person with an address of their own, logged in.
  func person() async throws -> Person {
    let (id, email) = (UUID(), "\(UUID().uuidString.lowercased())@example.com")
    guard let address = EmailAddress(email) else { throw CocoaError(.formatting) }
    let digest = try await vault.digest(address)
    let claim = EmailClaimed(emailDigest: digest, userID: id)
    try await test.log.handle(.claim(claim), by: EmailClaim.self, on: .email(digest, shards: test.log.shards))
    let registered = UserRegistered(
      userID: id, emailDigest: digest, emailSealed: try await vault.seal(email, for: id))
    try await test.log.handle(
      .register(registered), by: User.self, on: .user(id, shard: test.log.shards.shard(of: id)))
    return Person(id: id, email: email, token: try await logIn(id))
  }

  /// An access token of a session that has just started.
  func logIn(_ user: UUID) async throws -> String {
    let (session, shard) = (UUID(), test.log.shards.shard(of: user))
    let start = SessionStarted(
      sessionID: session, userID: user, tokenHash: String(repeating: "0", count: 64),
      expiresAt: clock.now + .days(1), generation: 0)
    try await test.log.handle(.start(start), by: Session.self, on: .session(session, shard: shard))
    let principal = Principal(userID: user, sessionID: session)
    return try await AccessTokens(secrets: Secrets(vault: vault)).sign(
      AccessToken(principal, now: clock.now))
  }

  /// An account of its own for the tests of members, with its owner.
  func openWithOwner(_ tier: Tier = .pro) async throws -> (tenant: Tenant, owner: Person) {
    let tenant = try await open(tier)
    let account = try await test.log.load(Account.self, from: stream(of: tenant)).state
    guard let owner = account.members.first(where: { $1 == .owner })?.key else { throw CocoaError(.coderInvalidValue) }
    return (tenant, Person(id: owner, email: "", token: try await logIn(owner)))
  }

  /// A further member, joined by the events that an accepted invitation leaves.
  func join(_ tenant: Tenant, as role: Account.Role) async throws -> Person {
    let person = try await person()
    let (invitation, hash) = (UUID(), String(repeating: "ab", count: 32))
    let invited = MemberInvited(
      accountID: tenant.accountID, invitationID: invitation, emailDigest: hash, emailSealed: "c2VhbGVk", role: role,
      tokenHash: hash, expiresAt: clock.now + .days(1), invitedBy: person.id)
    try await test.log.handle(.invite(invited, invitee: nil, at: 0), by: Account.self, on: stream(of: tenant))
    try await test.log.handle(
      .accept(invitation: invitation, tokenHash: hash, by: person.id, at: 0), by: Account.self, on: stream(of: tenant))
    return person
  }

  func stream(of tenant: Tenant) -> StreamID {
    .account(tenant.accountID, shard: test.log.shards.shard(of: tenant.accountID))
  }

  /// Sends JSON as somebody.
  func send(
    _ method: HTTPRequest.Method, _ uri: String, as person: Person, _ body: String? = nil, idempotencyKey: String? = nil
  ) async throws -> Answer {
    var headers: HTTPFields = [:]
    if let idempotencyKey, let name = HTTPField.Name("Idempotency-Key") { headers[name] = idempotencyKey }
    return try await send(
      method, uri, key: person.token, headers: headers, body: body.map { ByteBuffer(string: $0) })
  }

  /// Asks as somebody, once the read models are where the log is.
  func see(_ uri: String, as person: Person) async throws -> Answer {
    try await catchUp()
    return try await send(.get, uri, as: person)
  }
}

extension Service.Tenant {
  /// Where its account is.
  var account: String { "/api/v1/accounts/\(accountID.uuidString.lowercased())" }
}
