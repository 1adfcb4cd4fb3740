import Crypto
import Domain
package import EventLog
import Foundation

/// Records what Stripe said, as it said it.
package struct StripeFactBook: Sendable {
  let log: Log
  let side: StripeSide

  package init(log: Log, side: StripeSide) {
    self.log = log
    self.side = side
  }

  /// A customer as it is known.
  func customer(_ stream: StripeStream) async throws -> StripeCustomer {
    try await log.load(StripeCustomer.self, from: .stripe(stream, shards: log.shards)).state
  }

  /// An event. False when it was known.
  func record(_ event: StripeBody, raw: [UInt8], facts: StripeFacts, in stream: StripeStream) async throws -> Bool {
    let (sealed, sha) = try await seal(raw, for: stream)
    let received = StripeEventReceived(
      stripeAccount: stream.mode.stripeAccount, livemode: stream.mode.livemode, eventID: event.eventID,
      eventType: event.eventType, apiVersion: event.apiVersion, created: event.created, requestID: event.requestID,
      objectID: event.object.id, customer: event.object.customer, subscription: event.object.subscription,
      facts: facts, prior: event.prior, dataSHA: Self.digest(event.canonicalData), bodySealed: sealed, bodySHA: sha)
    let appended = try await log.handle(
      .receive(received), by: StripeCustomer.self, on: .stripe(stream, shards: log.shards))
    return !appended.events.isEmpty
  }

  /// What a GET answered; nothing where no rule reads such objects.
  ///
  /// - Parameter known: the events about it that were known when it was asked for.
  func record(_ answer: StripeReply, knowing known: [String], in stream: StripeStream) async throws {
    let object: StripeObject
    do { object = try StripeObject(json: answer.body) } catch {
      throw StripeFailure(status: nil, message: "an object can't be read: \(error)", requestID: answer.requestID)
    }
    guard let facts = object.facts else { return }
    let (sealed, sha) = try await seal(answer.body, for: stream)
    let fetched = StripeObjectFetched(
      stripeAccount: stream.mode.stripeAccount, livemode: stream.mode.livemode, objectID: object.id,
      customer: object.customer, subscription: object.subscription, facts: facts, knownEvents: known.sorted(),
      answeredAt: answer.date, requestID: answer.requestID, apiVersion: answer.apiVersion, bodySealed: sealed,
      bodySHA: sha)
    try await log.handle(.fetched(fetched), by: StripeCustomer.self, on: .stripe(stream, shards: log.shards))
  }

  /// A customer is an account's from here on.
  func link(_ stream: StripeStream, to account: UUID) async throws {
    let linked = BillingCustomerLinked(
      stripeAccount: stream.mode.stripeAccount, livemode: stream.mode.livemode, customer: stream.subject,
      accountID: account)
    try await log.handle(.link(linked), by: StripeCustomer.self, on: .stripe(stream, shards: log.shards))
    try await BillingCustomers(log: log).note(stream, of: account)
  }

  /// Of a customer who was erased nothing can be read any more: the key that seals what still comes is thrown away at once.
  private func seal(_ body: [UInt8], for stream: StripeStream) async throws -> (sealed: String, sha: String) {
    let text = String(decoding: body, as: UTF8.self)
    do { return (try await log.vault.seal(text, for: stream.sealingSubject), Self.digest(body)) } catch VaultError
      .erased
    {
      let box = try AES.GCM.seal(Data(body), using: SymmetricKey(size: .bits256))
      return ((box.combined ?? Data(box.ciphertext)).base64EncodedString(), Self.digest(body))
    }
  }

  private static func digest(_ bytes: [UInt8]) -> String { Hex.text(Array(SHA256.hash(data: Data(bytes)))) }
}
