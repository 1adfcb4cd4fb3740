import Foundation
import TestDatabase
import Testing

/// A server that ends as by a loss of power, between the steps of a subscription's story and within them.
@Suite(.timeLimit(.whatHangs)) struct KilledBillingTests {
  @Test func aStoryOfMoneyComesOutAsItWouldWithoutTheSixKillsInIt() async throws {
    try await TestStripe.with(deliver: "manual") { stripe in
      try await Installation.with(try await Cluster.shared(), environment: stripe.environment) { installation in
        try await stripe.sell(through: installation)
        let subscriber = try await Subscriber(accounts: 1, in: installation, at: stripe)
        var story = KilledStory(of: subscriber, seed: 12)
        try await story.subscribe()
        #expect(try await installation.tiers(of: story.account) == ["pro"])
        try await story.failToPay()
        #expect(try await installation.told(story.account) == ["payment_failed first"])
        try await story.payLate()
        #expect(try await installation.told(story.account) == ["payment_failed first", "payment_recovered"])
        try await story.moveUp()

        #expect(try await installation.tiers(of: story.account) == ["pro", "business"])
        #expect(try await installation.told(story.account) == ["payment_failed first", "payment_recovered"])
        #expect(try await installation.mails() == ["payment_failed sent", "payment_recovered sent"])
        #expect(try await installation.saidAgain() == [])
        let facts = try await installation.facts()
        #expect(facts.count == story.news.ids.count)
        #expect(Set(facts) == story.news.ids)
        try await subscriber.sees("business", of: story.account)
      }
    }
  }
}
