import Foundation
import TestDatabase
import Testing

@Suite struct BillingVerbTests {
  /// What the environment says of Stripe is looked at before anything else is done.
  @Test func aValueThatWontDoIsNamedAndNotQuoted() async throws {
    for (key, value) in [
      ("STRIPE_API_KEY", "hunter2"), ("STRIPE_WEBHOOK_SECRETS", "hunter2"),
      ("STRIPE_API_BASE", "http://hunter2.example"), ("STRIPE_TAX", "on"),
    ] {
      let environment = ["STRIPE_API_KEY": "sk_test_51abc"].merging([key: value]) { $1 }
      let program = Program(environment: environment.merging(["DATABASE_URL": "postgres://127.0.0.1:1/none"]) { $1 })
      for verb in [["serve", "--port", "0"], ["billing", "status"]] {
        let result = try await program.run(verb, withErrors: true)
        #expect(result.status != 0)
        #expect(result.output.contains("\(key): found"), "\(verb): \(result.output)")
        #expect(key == "STRIPE_API_BASE" || !result.output.contains("hunter2"))
      }
    }
  }

  private struct Explained: Decodable {
    struct Because: Decodable {
      let cause: String?
      let position: Int64
      let subscriptions: [Subscription]
    }

    struct Subscription: Decodable {
      let status: String
      let events: Int
      let facts: [Fact]
    }

    struct Fact: Decodable {
      let shard: Int
      let position: Int64
      let type: String
      let stripeId: String?
    }

    let tier: String
    let because: Because?
  }

  @Test(.timeLimit(.whatHangs)) func whyATierIsWhatItIsIsExplainedAndFoldedAnewAndALieIsNamed() async throws {
    try await TestStripe.with(deliver: "auto") { stripe in
      try await Installation.with(try await Cluster.shared(), environment: stripe.environment) { installation in
        try await stripe.sell(through: installation)
        let account = try await Self.subscribe(to: "pro", through: stripe, in: installation)
        try await eventually("the tier is explained") {
          let text = try await installation.run("explain", "tier", "--account", account)
          return text.status == 0 && text.output.contains("itself has tier pro") && text.output.contains("evt_")
        }
        let explained: Explained = try await installation.decoded("explain", "tier", "--account", account, "--json")
        let said = try #require(explained.because?.subscriptions.first)
        #expect(explained.tier == "pro" && explained.because?.cause == "subscription" && said.status == "active")
        #expect(said.facts.count { $0.stripeId?.hasPrefix("evt_") == true } == said.events)
        let nobody = try await installation.run("explain", "tier", "--account", UUID().uuidString)
        #expect(nobody.status != 0)

        let proof = try await installation.run("replay", "--check")
        #expect(proof.status == 0 && proof.output.contains("facts, the same"), "\(proof.output)")
        try await installation.asOwner(
          """
          UPDATE log.batches SET events = replace(events::text, '"status": "active"', '"status": "unpaid"')::jsonb
          WHERE events::text LIKE '%stripe_event_received%'
          """)
        let refuted = try await installation.run("replay", "--check")
        #expect(
          refuted.status == 1 && refuted.output.contains("account \(account), subscription sub_"), "\(refuted.output)")
      }
    }
  }

  /// Somebody signs up and pays; their account's id.
  private static func subscribe(
    to tier: String, through stripe: TestStripe, in installation: Installation
  ) async throws -> String {
    let port = installation.port
    let person = Person(email: "\(UUID().uuidString)@example.com", password: "thistle-97-gravel")
    _ = try await person.signUp(port: port)
    try await person.verify(in: installation)
    let token = try #require(try await person.logIn(port: port)["access_token"])
    let account = try await person.accountID(port: port, token: token)
    let path = "/api/v1/accounts/\(account)/billing"
    let page = try await HTTP.send("POST", port: port, "\(path)/checkout", body: #"{"tier": "\#(tier)"}"#, as: token)
    let session = try #require(page["url"]?.split(separator: "/").last)
    let door = try #require(URL(string: stripe.address)?.port)
    let paid = try await HTTP.send(
      "POST", port: door, "/_test/pay", body: #"{"session": "\#(session)", "card": "ok"}"#)
    #expect(paid.status == 200)
    try await eventually("the tier counts") {
      try await HTTP.send("GET", port: port, path, as: token)["tier"] == tier
    }
    return account
  }
}
