import Foundation
import Testing

@testable import Domain

/// Events of real shape, of versions from 2020 to 2025. They are not part of the repository; `RECOUNT_SHARED` says where they are, by default beside it.
enum StripeSamples {
  static let folder =
    (ProcessInfo.processInfo.environment["RECOUNT_SHARED"].map { URL(filePath: $0) }
    ?? URL(filePath: #filePath).appending(path: "../../../../../shared").standardized)
    .appending(path: "data/stripe_events")

  static let files =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".json") }.sorted()
}

@Suite(.enabled(if: !StripeSamples.files.isEmpty, "needs ../shared/data/stripe_events")) struct StripeSampleTests {
  private func body(_ file: String) throws -> StripeBody {
    try StripeBody(event: Array(try Data(contentsOf: StripeSamples.folder.appending(path: file))))
  }

  @Test(arguments: StripeSamples.files) func eachHasFactsThatTheLogHoldsAsTheyAre(file: String) throws {
    let body = try body(file)
    let facts = try #require(body.object.facts)
    #expect(file.hasPrefix(body.eventType))
    #expect(!body.object.id.isEmpty)
    let coded = try EventCoding.encode(facts)
    #expect(try EventCoding.decode(StripeFacts.self, from: coded) == facts)
    #expect(!String(decoding: coded, as: UTF8.self).contains("ada@example.com"))
    if let state = facts.subscription {
      #expect(body.object.customer?.hasPrefix("cus_") == true)
      for item in state.items {
        #expect(try #require(item.periodEnd) > Instant(milliseconds: 1_600_000_000_000))
        #expect(item.product?.hasPrefix("prod_") == true)
      }
    }
    if let invoice = facts.invoice {
      #expect(invoice.subscription?.hasPrefix("sub_") == true && body.object.subscription == invoice.subscription)
      #expect(invoice.periodEnd != nil)
    }
  }

  @Test func aYearOfOneSubscriptionFolds() throws {
    let story = files("subscription") + files("invoice.")
    guard story.count > 5 else { return }
    let events = try story.map { try body($0) }.filter { $0.object.customer == "cus_12dbe9ec2b629d5" }
    var random = SplitMix(seed: 5)
    let facts = events.map { body in
      StripeEventReceived(
        stripeAccount: "acct_1", livemode: false, eventID: body.eventID, eventType: body.eventType,
        apiVersion: body.apiVersion, created: body.created, requestID: body.requestID, objectID: body.object.id,
        customer: body.object.customer, subscription: body.object.subscription,
        facts: body.object.facts ?? StripeFacts(), prior: body.prior,
        dataSHA: String(decoding: body.canonicalData, as: UTF8.self), bodySealed: "", bodySHA: "")
    }
    let expected = StripeCustomer(received: facts).seen
    for _ in 0..<20 { #expect(StripeCustomer(received: facts.shuffled(using: &random)).seen == expected) }
    let customer = StripeCustomer(received: facts)
    // One of them says that it expired.
    #expect(customer.subscriptions.values.map(\.state.status) == ["incomplete_expired"])
    #expect(customer.invoices["in_12677d260ba77c2d39c5b32"]?.state.status == "paid")
    #expect(customer.invoices["in_12677d260ba77c2d39c5b32"]?.state.attemptCount == 4)
    #expect(customer.invoices["in_12677d260ba77c2d39c5b32"]?.lastFailedAt == Instant(milliseconds: 1_771_082_946_000))
  }

  private func files(_ word: String) -> [String] {
    StripeSamples.files.filter { $0.contains(word) && $0.contains("clover") }
  }
}
