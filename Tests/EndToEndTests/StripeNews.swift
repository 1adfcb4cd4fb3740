import Foundation

/// What a Stripe to test against has to tell, as it comes up.
struct StripeNews: Sendable {
  private let stripe: TestStripe
  /// How many events its outbox had.
  private var known = 0
  /// All that was to be delivered by now.
  private(set) var ids: Set<String> = []

  private struct Outbox: Decodable {
    let last: Int
  }

  private struct Signed: Decodable {
    let requests: [TestStripe.Delivery]
  }

  /// From its beginning.
  init(of stripe: TestStripe) { self.stripe = stripe }

  /// What came up since this was asked before, signed.
  mutating func next() async throws -> [TestStripe.Delivery] {
    let last = try JSONDecoder().decode(Outbox.self, from: try await stripe.get("outbox?after=1000000000")).last
    let answer = try await stripe.ask("sign", #"{"after": \#(known)}"#)
    let deliveries = try JSONDecoder().decode(Signed.self, from: answer.body).requests
    known = last
    ids.formUnion(deliveries.map(\.id))
    return deliveries
  }
}
