package import Domain
import EventLog
import Foundation

/// Reads what Stripe has to tell from where it was read last: what was delivered while nobody answered, or to nobody, since this server can't be
/// reached from outside. Stripe keeps events for thirty days.
package struct BillingEventsJob: ScheduledJob {
  private let desk: BillingDesk
  /// Events of a page.
  private let rows: Int

  /// `billing-events`
  package let name = "billing-events"
  /// Stripe itself delivers again for three days.
  package let interval = Duration.hours(1)

  /// - Parameter rows: events of a page: a hundred at most.
  package init(desk: BillingDesk, rows: Int = 100) {
    self.desk = desk
    self.rows = rows
  }

  private static let memory = Duration.days(30)
  /// Events appear in the list a while after they are made.
  private static let margin = Duration.hours(2)

  /// What is known already is known: any number of times. Goes on behind the last page that was read whole.
  package func run(now: Instant) async throws {
    let mode = try await desk.side.mode()
    let memory = BillingMemory(pool: desk.log.pool)
    let name = "events/\(mode.stripeAccount)/\(mode.livemode ? "live" : "test")"
    let start = BillingEventsPlace(from: try await memory[name].flatMap { Instant($0) } ?? now - Self.memory)
    let resumed = try await memory["\(name)/page"].flatMap { BillingEventsPlace($0) }
    var place = resumed ?? start
    do {
      let refused = try await read(from: start, &place, memory, name)
      if let begun = place.begun, !place.hasRefused { try await memory.keep("\(begun)", as: name) }
      try await memory.keep("", as: "\(name)/page")
      if let refused { throw refused }
    } catch {
      // A page that fails again and again keeps nothing newer waiting: the next run begins with the newest.
      if let resumed, resumed.last == place.last, !Task.isCancelled { try await memory.keep("", as: "\(name)/page") }
      throw error
    }
  }

  /// All pages from a place on; that one can't be explained by Stripe.
  private func read(
    from start: BillingEventsPlace, _ place: inout BillingEventsPlace, _ memory: BillingMemory, _ name: String
  ) async throws -> StripeFailure? {
    var refused: StripeFailure?
    while true {
      try Task.checkCancellation()
      let page: StripeReply
      do { page = try await self.page(at: place) } catch let failure as StripeFailure
        where failure.isMissing && place.last != nil
      {
        // Stripe has forgotten the event that it goes on behind.
        place = start
        continue
      }
      place.begun = place.begun ?? page.date
      let events = page["data"].elements
      for event in events {
        // One that Stripe refuses to explain keeps no other waiting; it is asked for again at the next run.
        do { try await take(event) } catch let failure as StripeFailure where failure.kind == .refused {
          (refused, place.hasRefused) = (failure, true)
        }
      }
      guard page["has_more"].bool, let last = events.last?.id else { return refused }
      place.last = last
      if let text = place.text { try await memory.keep(text, as: "\(name)/page") }
    }
  }

  private func page(at place: BillingEventsPlace) async throws -> StripeReply {
    var query: StripeForm = ["limit": "\(rows)", "created[gte]": "\((place.from - Self.margin).seconds)"]
    query.add("starting_after", place.last)
    return try await desk.client.get("/v1/events", query)
  }

  private func take(_ event: StripeJSON) async throws {
    do { _ = try await desk.door.take(event.value.bytes) } catch is StripeEventRefused {
      // Of a connected account, or of no shape that is known: not ours.
    }
  }
}
