import Foundation
import Testing

/// Somebody with accounts who pays for them at a Stripe to test against.
struct Subscriber: Sendable {
  let installation: Installation
  let stripe: TestStripe
  let accounts: [String]
  private let person: Person

  /// What one of the accounts pays for, by Stripe's ids.
  struct Subscription: Sendable {
    let account, customer, id: String
  }

  private struct Opened: Decodable, Sendable {
    let accountId: String
  }

  /// Signs up, verifies the address, and has so many accounts.
  init(accounts count: Int, in installation: Installation, at stripe: TestStripe) async throws {
    let person = Person(email: "payer@example.com", password: "thistle-97-gravel")
    #expect(try await person.signUp(port: installation.port).status == 202)
    try await person.verify(in: installation)
    var accounts: [String] = []
    for _ in 0..<count {
      let opened: Opened = try await installation.decoded(
        "account", "open", "--email", person.email, "--project", "shop", "--json")
      accounts.append(opened.accountId)
    }
    self.installation = installation
    self.stripe = stripe
    self.accounts = accounts
    self.person = person
  }

  /// Goes to checkout for Pro and pays; Stripe has yet to tell.
  func subscribe(_ account: String, card: String) async throws -> Subscription {
    let page = try await change(account, "checkout", #"{"tier": "pro"}"#)
    let session = try #require(page["url"]?.split(separator: "/").last)
    let paid = try await stripe.ask("pay", #"{"session": "\#(session)", "card": "\#(card)"}"#)
    return Subscription(
      account: account, customer: try #require(paid["session", "customer"]),
      id: try #require(paid["subscription", "id"]))
  }

  /// As its owner asks for it.
  func change(_ account: String, _ what: String, _ body: String) async throws -> HTTP.Reply {
    let reply = try await HTTP.send(
      "POST", port: installation.port, "/api/v1/accounts/\(account)/billing/\(what)", body: body, as: try await logIn())
    try #require(reply.status < 300, "\(what): \(String(decoding: reply.body, as: UTF8.self))")
    return reply
  }

  /// What its owner sees.
  func sees(_ tier: String, of account: String) async throws {
    let access = try await logIn()
    try await eventually("the account's owner sees \(tier)") {
      let path = "/api/v1/accounts/\(account)/billing"
      return (try? await HTTP.send("GET", port: installation.port, path, as: access))?["tier"] == tier
    }
  }

  /// Each time anew: a test on a busy machine outlives an access token.
  private func logIn() async throws -> String {
    try #require(try await person.logIn(port: installation.port)["access_token"])
  }
}
