import Crypto
package import Domain
package import EventLog
import Foundation

/// The side of an account at Stripe that this installation is set up with, and who this installation is there.
package actor StripeSide {
  private let client: StripeClient
  private let memory: BillingMemory
  private let vault: Vault
  private var known: StripeMode?
  private var failure: (error: StripeFailure, at: ContinuousClock.Instant)?
  private var own: String?
  private var sealed: (secrets: [String], at: ContinuousClock.Instant)?

  package init(client: StripeClient, log: Log) {
    self.client = client
    memory = BillingMemory(pool: log.pool)
    vault = log.vault
  }

  /// So long nobody asks again who could not be told: each page and each delivery would wait for Stripe's patience.
  private static let rest = Duration.seconds(30)

  /// Asked of Stripe once for each key, and kept.
  package func mode() async throws -> StripeMode {
    if let known { return known }
    if let failure, failure.at + Self.rest > .now { throw failure.error }
    do { return try await find() } catch let error as StripeFailure {
      failure = (error, .now)
      throw error
    }
  }

  private func find() async throws -> StripeMode {
    let digest = SHA256.hash(data: Data(client.settings.key.utf8))
    let name = "account/\(Hex.text(Array(digest).prefix(16)))"
    let account: String
    if let kept = try await memory[name] {
      account = kept
    } else {
      account = try await client.get("/v1/account").id
      guard account.hasPrefix("acct_") else {
        throw StripeFailure(status: nil, message: "what answers is not Stripe: is STRIPE_API_BASE right?")
      }
      try await memory.keep(account, as: name)
    }
    let mode = StripeMode(stripeAccount: account, livemode: client.settings.livemode)
    known = mode
    return mode
  }

  /// Stands in the metadata of all that this installation makes at Stripe, where there may be others. Follows from a secret of the log that can't
  /// change, so that a restored log is the same installation.
  package func installation() async throws -> String {
    if let own { return own }
    let code = HMAC<SHA256>.authenticationCode(
      for: Data("installation at Stripe".utf8), using: try await vault.secret("email_pepper"))
    let id = UUID.derived(from: Array(code), version: 8).text
    own = id
    return id
  }

  /// What deliveries may be signed with: as set, and of the endpoint that the setup made. Another process may make one.
  func secrets(again: Bool = false) async throws -> [String] {
    // Also where a signature is wrong not at each delivery: a stranger's must not become queries.
    let patience = Duration.seconds(again ? 5 : 60)
    if sealed.map({ $0.at + patience < .now }) ?? true { sealed = (try await endpointSecrets(), .now) }
    return client.settings.secrets + (sealed?.secrets ?? [])
  }

  private func endpointSecrets() async throws -> [String] {
    let mode = try await mode()
    let place = StripeStream("webhook-endpoint", in: mode)
    guard let text = try await memory[place.name] else { return [] }
    return try await vault.open(text, of: place.sealingSubject).map { [$0] } ?? []
  }

  /// Whether the endpoint that the setup made is known by its secret.
  func hasSecret(ofEndpoint id: String) async throws -> Bool {
    let place = StripeStream("webhook-endpoint", in: try await mode())
    guard try await memory["\(place.name)/id"] == id else { return false }
    return try await !endpointSecrets().isEmpty
  }

  /// Keeps the secret of the endpoint that the setup made, in the place of an earlier one.
  func keep(endpointSecret secret: String, of id: String) async throws {
    let place = StripeStream("webhook-endpoint", in: try await mode())
    try await memory.keep(try await vault.seal(secret, for: place.sealingSubject), as: place.name)
    try await memory.keep(id, as: "\(place.name)/id")
    sealed = nil
  }

  /// What the metadata of all that is made says.
  func metadata(account: UUID? = nil, at prefix: String = "metadata") async throws -> StripeForm {
    var form: StripeForm = [:]
    form.add("\(prefix)[recount_installation]", try await installation())
    form.add("\(prefix)[recount_account]", account?.text)
    return form
  }
}
