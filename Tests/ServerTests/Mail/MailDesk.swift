import Crypto
import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Server

/// A log with people in it, and what sends them mails, at a time that the test sets.
struct MailDesk: Sendable {
  let test: TestLog
  let clock = TestClock()
  let vault: Vault
  let sender: Mailbox
  let base = "https://recount.example.org"

  static func with(in cluster: Cluster? = nil, _ body: @Sendable (MailDesk) async throws -> Void) async throws {
    try await TestLog.with(in: cluster, template: Service.template) { test in
      try await body(
        MailDesk(
          test: test, vault: Vault(pool: test.log.pool), sender: Mailbox(setting: "Recount <recount@example.org>")))
    }
  }

  /// Runs reactor and sender of so many processes, each with connections of its own, while the body runs.
  func working(
    _ processes: Int = 1, through transport: any MailTransport, _ body: @Sendable () async throws -> Void
  ) async throws {
    var pools: [Pool] = []
    try await withThrowingTaskGroup { group in
      for _ in 0..<processes {
        let pool = pool()
        pools.append(pool)
        let listening = ListeningConnection(settings, logger: Service.silent)
        let followers = Followers([reactor], pool: pool, listening: listening, logger: Service.silent)
        let mailSender = try mailSender(pool, transport)
        group.addTask { await listening.run() }
        group.addTask { await followers.run() }
        group.addTask { try await mailSender.run() }
      }
      try await body()
      group.cancelAll()
    }
    for pool in pools { await pool.close() }
  }

  var settings: ConnectionSettings {
    var settings = test.database.settings
    settings.role = "recount_server"
    return settings
  }

  func pool() -> Pool {
    Pool(settings, size: 1 + Followers.spareConnections + MailSender.parallel, logger: Service.silent)
  }

  private var reactor: MailReactor {
    MailReactor(log: test.log, from: sender, clock: clock, logger: Service.silent)
  }

  func mailSender(_ pool: Pool, _ transport: any MailTransport) throws -> MailSender {
    let vault = Vault(pool: pool)
    let composer = try MailComposer(
      pool: pool, shards: test.log.shards, vault: vault, secrets: Secrets(vault: vault), from: sender, base: base)
    return MailSender(pool: pool, composer: composer, transport: transport, clock: clock, logger: Service.silent)
  }

  /// Queues what the log asks for, and sends nothing.
  func queue() async throws {
    try await reactor.begin(on: test.log.pool)
    for shard in test.log.shards.all {
      while case .moved = try await Step(reactor, shard: shard).run(on: test.log.pool) {}
    }
  }

  /// How many mails are in a state.
  func count(_ state: String) async throws -> Int {
    try await test.owner.query("SELECT count(*) AS n FROM operations.mails WHERE state = \(state)").first?.decode("n")
      ?? 0
  }

  /// Why the only mail is where it is.
  func reason() async throws -> String? {
    try await test.owner.query("SELECT reason FROM operations.mails").first?.decode("reason", as: String?.self) ?? nil
  }
}

/// What happens to people.
extension MailDesk {
  func person(_ address: String) async throws -> UUID {
    let id = UUID()
    let email = try #require(EmailAddress(address))
    let registration = UserRegistered(
      userID: id, emailDigest: try await vault.digest(email), emailSealed: try await vault.seal(address, for: id))
    try await tell(id, .register(registration))
    return id
  }

  func tell(_ person: UUID, _ command: User.Command) async throws {
    let stream = StreamID.user(person, shard: test.log.shards.shard(of: person))
    try await test.log.handle(command, by: User.self, on: stream)
  }

  /// Returns the token that the mail is to hold.
  @discardableResult
  func issueToken(
    _ purpose: TokenIssued.Purpose, to person: UUID, for newAddress: String? = nil, minutes: Int64 = 60
  ) async throws -> MailToken {
    let token = MailToken(
      id: UUID(), purpose: purpose.rawValue, owner: person,
      key: try await Secrets(vault: vault).key(.mailTokenKey))
    var sealed: String?
    if let newAddress { sealed = try await vault.seal(newAddress, for: person) }
    let issued = TokenIssued(
      userID: person, tokenID: token.id, purpose: purpose, tokenHash: token.hash,
      expiresAt: clock.now + .minutes(minutes), emailSealed: sealed)
    try await tell(person, .issueToken(issued))
    return token
  }

  func account(of owner: UUID, tier: Tier = .free) async throws -> StreamID {
    let id = UUID()
    let stream = StreamID.account(id, shard: test.log.shards.shard(of: id))
    try await test.log.handle(.open(id: id, tier: tier, owner: owner), by: Account.self, on: stream)
    return stream
  }

  func invite(_ address: String, to account: StreamID, by owner: UUID) async throws -> UUID {
    let invitation = UUID()
    let email = try #require(EmailAddress(address))
    let token = MailToken(
      id: invitation, purpose: MailToken.invitation, owner: try #require(account.accountID),
      key: try await Secrets(vault: vault).key(.mailTokenKey))
    let invited = MemberInvited(
      accountID: token.owner, invitationID: invitation, emailDigest: try await vault.digest(email),
      emailSealed: try await vault.seal(address, for: invitation), role: .readOnly, tokenHash: token.hash,
      expiresAt: clock.now + .hours(1), invitedBy: owner)
    try await test.log.handle(
      .invite(invited, invitee: nil, at: clock.now), by: Account.self, on: account)
    return invitation
  }
}

/// Takes every mail, unless it is told to fail.
actor Letterbox: MailTransport {
  private(set) var mails: [Mail] = []
  private(set) var attempts = 0
  private let failure: MailFailure?

  init(failing failure: MailFailure? = nil) { self.failure = failure }

  func deliver(_ mail: Mail) async throws(MailFailure) {
    attempts += 1
    if let failure { throw failure }
    mails.append(mail)
  }
}
