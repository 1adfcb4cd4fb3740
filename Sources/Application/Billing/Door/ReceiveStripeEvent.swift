import Domain
import EventLog
import Foundation

/// Takes in what Stripe delivers, in steps:
/// 1. hold its signature against our secrets, and now (``StripeSignature``);
/// 2. read it, and refuse what is of another mode, another account, or brings no object;
/// 3. find the customer whose it is: it names it, or the payment that it is about is known, or Stripe is asked for that;
/// 4. leave what is not ours: strangers' data of others on the same account at Stripe;
/// 5. append it to the customer's stream, once for each event id, and only then answer.
package struct ReceiveStripeEvent: Sendable {
  let side: StripeSide
  let book: StripeFactBook
  let client: StripeClient
  let counts: StripeDoorCounts
  let clock: any WallClock
  /// One at a time for each server, and not all the time: a burst, which Stripe lets wait, leaves the database to those who track.
  let recording = PacedFile()

  /// What became of it.
  package enum Outcome: String, Sendable {
    case recorded, duplicate
    /// Of others on the same account at Stripe.
    case notOurs = "not_ours"
    /// Of a type that no rule reads.
    case notWanted = "not_wanted"
  }

  /// Throws ``StripeEventRefused``, and what database or Stripe throw: then it is to be delivered again.
  package func callAsFunction(_ raw: [UInt8], signature header: String?) async throws -> Outcome {
    do {
      try await checkSignature(of: raw, header)
      let outcome = try await take(raw)
      counts.count(outcome.rawValue)
      return outcome
    } catch let refused as StripeEventRefused {
      counts.count("refused_\(refused.name)")
      throw refused
    }
  }

  /// What `/v1/events` lists, which Stripe has not to sign.
  func take(_ raw: [UInt8]) async throws -> Outcome {
    let event: StripeBody
    do { event = try StripeBody(event: raw) } catch .thin { throw StripeEventRefused.thin } catch {
      throw StripeEventRefused.unreadable
    }
    guard event.connectedAccount == nil else { throw StripeEventRefused.connected }
    let mode = try await side.mode()
    guard event.livemode == mode.livemode else { throw StripeEventRefused.livemode }
    guard StripeEventTypes.wanted.contains(event.eventType), let facts = event.object.facts else { return .notWanted }
    guard let stream = try await stream(of: event.object, facts, in: mode) else { return .notOurs }
    // Read by the old places, and shown to whoever runs this: an endpoint of another version is to be made anew.
    if event.apiVersion != StripeClient.version { counts.count("other_api_version") }
    let isNew = try await recording { try await book.record(event, raw: raw, facts: facts, in: stream) }
    return isNew ? .recorded : .duplicate
  }

  private func checkSignature(of raw: [UInt8], _ header: String?) async throws {
    let signature: StripeSignature
    do { signature = try StripeSignature(header) } catch { throw StripeEventRefused.signature(error) }
    let now = clock.now
    let secrets = try await side.secrets()
    do { return try signature.check(raw, secrets: secrets, now: now) } catch .wrong {} catch {
      throw StripeEventRefused.signature(error)
    }
    // The setup may have made an endpoint since we looked.
    let fresh = try await side.secrets(again: true)
    do { try signature.check(raw, secrets: fresh, now: now) } catch { throw StripeEventRefused.signature(error) }
  }
}
