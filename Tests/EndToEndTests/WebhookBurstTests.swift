import Foundation
import TestDatabase
import Testing

/// Many webhooks at once, over two servers of which one is killed: what tools/bench webhooks measures, counted.
@Suite(.timeLimit(.whatHangs)) struct WebhookBurstTests {
  @Test func eachWebhookOfABurstOverTwoServersIsOneFactThoughOneOfThemIsKilledAndNothingIsSaidTwice() async throws {
    try await TestStripe.with(deliver: "manual") { stripe in
      try await Installation.with(try await Cluster.shared(), environment: stripe.environment) { installation in
        try await stripe.sell(through: installation)
        let ports = [installation.port, try await installation.startSecondServer()]
        let subscriber = try await Subscriber(accounts: 7, in: installation, at: stripe)
        var (news, random) = (StripeNews(of: stripe), Seeded(10_000))
        let failing = try await Self.subscribe(subscriber, subscriber.accounts.prefix(2), card: "fails_later")
        let paying = try await Self.subscribe(subscriber, subscriber.accounts.dropFirst(2), card: "ok")
        var deliveries = try await news.next()
        while !deliveries.isEmpty {
          await Post(deliveries.shuffled(using: &random)).deliver(to: ports)
          try await installation.waitUntilAllIsSaid()
          // That the card of a checkout was moved Stripe tells in turn.
          deliveries = try await news.next()
        }
        for account in subscriber.accounts { #expect(try await installation.tiers(of: account) == ["pro"]) }

        try await Self.passFourMonths(stripe, paying)
        let burst = try await news.next()
        #expect(burst.count > 100)
        await Post((burst + burst).shuffled(using: &random)).deliver(to: ports) {
          await installation.kill9SecondServer()
        }
        try await installation.waitUntilAllIsSaid()

        let facts = try await installation.facts()
        #expect(facts.count == news.ids.count)
        #expect(Set(facts) == news.ids)
        for subscription in paying {
          #expect(try await installation.tiers(of: subscription.account) == ["pro", "business"])
          #expect(try await installation.told(subscription.account) == [])
          try await subscriber.sees("business", of: subscription.account)
        }
        for subscription in failing {
          #expect(try await installation.tiers(of: subscription.account) == ["pro", "free"])
          // Whether a failure is still told depends on when the end is known.
          let told = try await installation.told(subscription.account)
          #expect(told.contains("subscription_ended") && Set(told).count == told.count, "\(told)")
          try await subscriber.sees("free", of: subscription.account)
        }
        #expect(try await installation.saidAgain() == [])
        let ends = try await installation.mails().filter { $0.hasPrefix("subscription_ended") }
        #expect(ends == ["subscription_ended_unpaid sent", "subscription_ended_unpaid sent"])
      }
    }
  }

  private static func subscribe(
    _ subscriber: Subscriber, _ accounts: ArraySlice<String>, card: String
  ) async throws -> [Subscriber.Subscription] {
    var subscriptions: [Subscriber.Subscription] = []
    for account in accounts { subscriptions.append(try await subscriber.subscribe(account, card: card)) }
    return subscriptions
  }

  /// Renewals; who does not pay is dunned and ends, and the others are moved up.
  private static func passFourMonths(_ stripe: TestStripe, _ paying: [Subscriber.Subscription]) async throws {
    try await stripe.ask("clock", #"{"advance": \#(4 * 32 * 86_400)}"#)
    let price = try await stripe.price(of: "business")
    for subscription in paying {
      try await stripe.ask(
        "dashboard/change_price", #"{"subscription": "\#(subscription.id)", "price": "\#(price)"}"#)
    }
  }
}

/// Deliveries that several bring at a time, each until it is taken.
private actor Post {
  private var waiting: [TestStripe.Delivery]
  private var taken = 0
  private let half: Int

  init(_ deliveries: [TestStripe.Delivery]) {
    waiting = deliveries
    half = deliveries.count / 2
  }

  /// Eight at a time, half of them to each server; what a server that is gone did not answer goes to the first.
  ///
  /// - Parameter midway: is done once half of them are taken, beside the others.
  nonisolated func deliver(to ports: [Int], midway: @escaping @Sendable () async -> Void = {}) async {
    await withTaskGroup { group in
      for number in 0..<8 {
        group.addTask {
          var port = ports[number % ports.count]
          while let delivery = await self.next() {
            switch await delivery.send(to: port) {
            case 200: if await self.isHalf() { await midway() }
            case let status?:
              if status < 500 {
                Issue.record("\(delivery.id) was answered with \(status)")
              } else {
                // Whoever has no room for it has some in a moment.
                try? await Task.sleep(for: .milliseconds(50))
                await self.again(delivery)
              }
            case nil:
              await self.again(delivery)
              port = ports[0]
            }
          }
        }
      }
    }
  }

  private func next() -> TestStripe.Delivery? { waiting.popLast() }

  private func again(_ delivery: TestStripe.Delivery) { waiting.insert(delivery, at: 0) }

  /// Counts one that was taken.
  private func isHalf() -> Bool {
    taken += 1
    return taken == half
  }
}
