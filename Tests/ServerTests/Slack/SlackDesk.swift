import EventLog
import Foundation
import LoopbackServer
import Postgres
import Synchronization
import TestDatabase
import Testing

@testable import Application
@testable import Domain
@testable import Server

/// An account of Business whose notices go to a receiver on this machine.
struct SlackDesk: Sendable {
  let desk: MailDesk
  let receiver: LoopbackServer
  let owner: UUID
  let account: StreamID

  /// `reply` answers what comes after the test message, numbered from 0.
  static func with(
    reply: @escaping @Sendable (Int) -> LoopbackServer.Reply = { _ in .answer(status: 200, body: "ok") },
    _ body: @escaping @Sendable (SlackDesk) async throws -> Void
  ) async throws {
    try await MailDesk.with { desk in
      try await LoopbackServer.run(
        reply: { _, number in number == 0 ? .answer(status: 200, body: "ok") : reply(number - 1) }
      ) { receiver in
        let owner = try await desk.person("owner@example.com")
        let slack = SlackDesk(
          desk: desk, receiver: receiver, owner: owner, account: try await desk.account(of: owner, tier: .business))
        try await slack.set()
        try await body(slack)
      }
    }
  }

  var id: UUID {
    get throws { try #require(account.accountID) }
  }

  var url: String { "\(receiver.url)/services/T0/B0/secret-wXyZ" }

  var channels: SlackChannels {
    get throws {
      SlackChannels(
        log: desk.test.log, vault: desk.vault, changes: ChangeLimit(log: desk.test.log, clock: desk.clock),
        delivery: try delivery, clock: desk.clock, base: desk.base)
    }
  }

  var delivery: SlackDelivery {
    get throws {
      SlackDelivery(trusting: try #require(SlackOrigins(receiver.url)), resolver: .system, patience: .seconds(30))
    }
  }

  @discardableResult
  func set(_ topics: Set<NoticeTopic> = Set(NoticeTopic.bySlack)) async throws -> SlackChannel {
    try await channels.set(
      .init(url: url, topics: topics), of: id, by: Actor(userID: owner, origin: Origin(actorID: owner)))
  }

  /// So many payments that have arrived: notices that differ.
  func pay(_ numbers: Range<Int>) async throws {
    let account = try id
    try await desk.bill(
      self.account,
      numbers.map {
        .paymentRecovered(
          PaymentRecovered(accountID: account, invoice: "in_\($0)", currency: "usd", amountPaid: 10_000 + $0))
      })
  }

  private var reactor: SlackReactor { SlackReactor(log: desk.test.log, clock: desk.clock, logger: Service.silent) }

  /// Queues what the log asks for, and sends nothing.
  func queue() async throws {
    try await reactor.begin(on: desk.test.log.pool)
    for shard in desk.test.log.shards.all {
      while case .moved = try await Step(reactor, shard: shard).run(on: desk.test.log.pool) {}
    }
  }

  /// Runs reactor and sender of so many processes, each with connections of its own, while the body runs.
  func working(_ processes: Int = 1, _ body: @Sendable () async throws -> Void) async throws {
    var pools: [Pool] = []
    let (log, clock, delivery) = (desk.test.log, desk.clock, try delivery)
    try await withThrowingTaskGroup { group in
      for _ in 0..<processes {
        let pool = Pool(
          desk.settings, size: 1 + Followers.spareConnections + SlackSender.connections, logger: Service.silent)
        pools.append(pool)
        let listening = ListeningConnection(desk.settings, logger: Service.silent)
        let followers = Followers([reactor], pool: pool, listening: listening, logger: Service.silent)
        let composer = try SlackComposer(log: log, pool: pool, origins: delivery.origins, base: desk.base)
        let sender = SlackSender(
          log: log, pool: pool, composer: composer, delivery: delivery, clock: clock, logger: Service.silent)
        group.addTask { await listening.run() }
        group.addTask { await followers.run() }
        group.addTask { try await sender.run() }
      }
      try await body()
      group.cancelAll()
    }
    for pool in pools { await pool.close() }
  }

  /// Waits while time passes, a second at each look.
  func soon(_ what: String, _ condition: @Sendable () async throws -> Bool) async throws {
    try await ServerTests.soon(what) {
      desk.clock.advance(seconds: 1)
      return try await condition()
    }
  }

  /// How many messages are in a state.
  func count(_ state: String) async throws -> Int {
    try await desk.test.owner.query("SELECT count(*) AS n FROM operations.slack_messages WHERE state = \(state)").first?
      .decode("n") ?? 0
  }

  /// What came in after the test message.
  var messages: [String] { receiver.received.dropFirst().map(\.body) }

  func channel() async throws -> SlackChannel {
    try await desk.test.log.load(SlackChannel.self, from: .slack(of: id, shard: account.shard)).state
  }
}
