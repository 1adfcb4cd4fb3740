package import Domain
import EventLog
import Foundation

/// Reads what Stripe has to tell from where it was read last: what was delivered while nobody answered, or to nobody, since this server can't be
/// reached from outside. Stripe keeps events for thirty days.
package struct BillingEventsJob: ScheduledJob {
  private let desk: BillingDesk

  /// `billing-events`
  package let name = "billing-events"
  /// Stripe itself delivers again for three days.
  package let interval = Duration.hours(1)

  package init(desk: BillingDesk) { self.desk = desk }

  private static let memory = Duration.days(30)
  /// Events appear in the list a while after they are made.
  private static let margin = Duration.hours(2)

  /// What is known already is known: any number of times.
  package func run(now: Instant) async throws {
    let mode = try await desk.side.mode()
    let memory = BillingMemory(pool: desk.log.pool)
    let place = "events/\(mode.stripeAccount)/\(mode.livemode ? "live" : "test")"
    let from = try await memory[place].flatMap { Instant($0) } ?? now - Self.memory
    var last: String?
    var begun: Instant?
    var refused: StripeFailure?
    repeat {
      try Task.checkCancellation()
      var query: StripeForm = ["limit": "100", "created[gte]": "\((from - Self.margin).seconds)"]
      query.add("starting_after", last)
      let page = try await desk.client.get("/v1/events", query)
      begun = begun ?? page.date
      let events = page["data"].elements
      for event in events {
        // One that Stripe refuses to explain keeps no other waiting; it is asked for again at the next run.
        do { try await take(event) } catch let failure as StripeFailure where failure.kind == .refused {
          refused = failure
        }
      }
      last = page["has_more"].bool ? events.last?.id : nil
    } while last != nil
    if let refused { throw refused }
    if let begun { try await memory.keep("\(begun)", as: place) }
  }

  private func take(_ event: StripeJSON) async throws {
    do { _ = try await desk.door.take(event.value.bytes) } catch is StripeEventRefused {
      // Of a connected account, or of no shape that is known: not ours.
    }
  }
}
