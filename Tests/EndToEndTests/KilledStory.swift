import Foundation
import TestDatabase
import Testing

/// A subscription's story in steps; what Stripe says of each comes shuffled, and the server is killed in it and started again. A step has ended
/// when all that follows from it is said.
struct KilledStory {
  let account: String
  private(set) var news: StripeNews
  private let subscriber: Subscriber
  private var random: Seeded
  private var customer = ""

  private var installation: Installation { subscriber.installation }
  private var stripe: TestStripe { subscriber.stripe }

  /// Of the subscriber's first account.
  init(of subscriber: Subscriber, seed: Int) {
    self.subscriber = subscriber
    account = subscriber.accounts[0]
    news = StripeNews(of: subscriber.stripe)
    random = Seeded(seed)
  }

  /// Pro is paid. Killed right after the door has answered, and while Stripe is asked.
  mutating func subscribe() async throws {
    customer = try await subscriber.subscribe(account, card: "fails_later").customer
    var deliveries = try await news.next().shuffled(using: &random)
    // Last of all that the checkout was paid: for its card, which is moved then, Stripe is asked.
    let paid = try #require(deliveries.firstIndex { $0.isOf("checkout.session.completed") })
    let last = deliveries.remove(at: paid)
    let moment = Int.random(in: deliveries.indices, using: &random)
    for (number, delivery) in deliveries.enumerated() {
      try await bring(delivery)
      if number == moment { try await killAndStart() }
    }
    try await stripe.fallSilent("GET", "/v1/subscriptions/")
    try await bring(last)
    try await stripe.isCalled("GET", "/v1/subscriptions/")
    try await killAndStart()
    try await installation.waitUntilAllIsSaid()
  }

  /// The renewal is declined. Killed while it takes a delivery in, and when the mail of it is queued.
  mutating func failToPay() async throws {
    try await stripe.ask("clock", #"{"advance": \#(32 * 86_400)}"#)
    let deliveries = try await news.next().shuffled(using: &random)
    let moment = Int.random(in: deliveries.indices, using: &random)
    let port = installation.port
    for (number, delivery) in deliveries.enumerated() {
      if number == moment {
        async let unheard = delivery.send(to: port)
        try await pause(upTo: 30)
        await installation.kill9Server()
        _ = await unheard
        try await installation.startServer()
      }
      try await bring(delivery)
    }
    try await installation.waitUntilQueued("payment_failed")
    try await killAndStart()
    try await installation.waitUntilAllIsSaid()
  }

  /// Another card pays. Killed at any moment once all of it is in the log.
  mutating func payLate() async throws {
    try await stripe.ask("cards", #"{"customer": "\#(customer)", "kind": "ok"}"#)
    let invoice = try await stripe.openInvoice(of: customer)
    try await stripe.ask("dashboard/retry", #"{"invoice": "\#(invoice)"}"#)
    for delivery in try await news.next().shuffled(using: &random) { try await bring(delivery) }
    try await pause(upTo: 500)
    try await killAndStart()
    try await installation.waitUntilAllIsSaid()
  }

  /// Up to Business. Killed once Stripe has done it, before it has answered: who asked for it hears nothing.
  mutating func moveUp() async throws {
    try await stripe.fallSilent("POST", "/v1/subscriptions/", isDone: true)
    let (subscriber, account) = (subscriber, account)
    async let unheard = try? subscriber.change(account, "tier", #"{"tier": "business"}"#)
    try await stripe.isCalled("POST", "/v1/subscriptions/")
    try await killAndStart()
    let heard = await unheard
    #expect(heard == nil)
    for delivery in try await news.next().shuffled(using: &random) { try await bring(delivery) }
    try await installation.waitUntilAllIsSaid()
  }

  private func killAndStart() async throws {
    await installation.kill9Server()
    try await installation.startServer()
  }

  /// Until it is taken.
  private func bring(_ delivery: TestStripe.Delivery) async throws {
    try await eventually("\(delivery.id) is taken") { await delivery.send(to: installation.port) == 200 }
  }

  /// Of any length: so that what follows happens at any moment.
  private mutating func pause(upTo milliseconds: Int) async throws {
    try await Task.sleep(for: .milliseconds(Int.random(in: 0...milliseconds, using: &random)))
  }
}
