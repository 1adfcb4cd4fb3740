import Foundation
import Testing

/// Promise 3, as a client sees it.
@Suite struct IdempotencyTests {
  @Test func anEventWithAnIDCountsOnce() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let event = EventText(service.clock).with(id: UUID())
      #expect(try await service.track(event.text, key: tenant.key).counts == Counts(accepted: 1))
      let again = try await service.track(event.text, key: tenant.key)
      #expect(again.status == 202)
      #expect(again.counts == Counts(duplicates: 1))
      #expect(again["results"][0]["outcome"] == "duplicate")
      #expect(try await service.logged(tenant) == 1)
    }
  }

  @Test func anIDUsedForAnotherEventIsAConflict() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let event = EventText(service.clock).with(id: UUID())
      _ = try await service.track(event.text, key: tenant.key)
      let other = event.with("status_code", "500")
      let alone = try await service.track(other.text, key: tenant.key)
      alone.expectProblem("event-id-conflict", status: 409)
      let among = try await service.track([EventText(service.clock), other].call(), key: tenant.key)
      #expect(among.status == 202)
      #expect(among.counts == Counts(accepted: 1, invalid: 1))
      #expect(among["results"][0]["index"] == 1)
      #expect(among["results"][0]["outcome"] == "conflict")
      #expect(try await service.logged(tenant) == 2)
    }
  }

  @Test func anIDTwiceInOneCallCountsOnce() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let event = EventText(service.clock).with(id: UUID())
      let call = [event, event, event.with("status_code", "404")].call()
      let answer = try await service.track(call, key: tenant.key)
      #expect(answer.counts == Counts(accepted: 1, duplicates: 1, invalid: 1))
      #expect(answer["results"].elements.map { $0["outcome"] } == ["duplicate", "conflict"])
    }
  }

  /// A 202 would tell a client that it may forget them.
  @Test func aRepeatOfAnEventThatIsNotRecordedIsNoReasonForA202() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let late = EventText(service.clock, after: -40 * 86_400).with(id: UUID())
      let answer = try await service.track([late, late].call(), key: tenant.key)
      answer.expectProblem("invalid-event", status: 400)
      #expect(answer["field"] == "timestamp")
      #expect(try await service.logged(tenant) == 0)
    }
  }

  @Test func aRetriedBatchAddsNothing() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let events = (0..<20).map { EventText(service.clock).with("status_code", "\(200 + $0)") }
      let id = UUID()
      #expect(try await service.track(events.call(batch: id), key: tenant.key).counts == Counts(accepted: 20))
      for _ in 0..<2 {
        let again = try await service.track(events.call(batch: id), key: tenant.key)
        #expect(again.status == 202)
        #expect(again.counts == Counts(duplicates: 20))
      }
      let other = try await service.track(events.dropLast().map { $0 }.call(batch: id), key: tenant.key)
      other.expectProblem("event-id-conflict", status: 409)
      #expect(try await service.logged(tenant) == 20)
    }
  }

  @Test func aRetryIsKnownLongAfterItsEventsLeftTheWindow() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let event = EventText(service.clock).with(id: UUID())
      let batch = [EventText(service.clock), EventText(service.clock).with("status_code", "404")].call(batch: UUID())
      _ = try await service.track(event.text, key: tenant.key)
      _ = try await service.track(batch, key: tenant.key)
      service.clock.advance(seconds: 36 * 86_400)
      #expect(try await service.track(event.text, key: tenant.key).counts == Counts(duplicates: 1))
      #expect(try await service.track(batch, key: tenant.key).counts == Counts(duplicates: 2))
    }
  }

  @Test func oneTenantsIDsAreNotAnothers() async throws {
    try await Service.with { service in
      let (one, other) = (try await service.open(), try await service.open())
      let event = EventText(service.clock).with(id: UUID())
      #expect(try await service.track(event.text, key: one.key).counts == Counts(accepted: 1))
      #expect(try await service.track(event.text, key: other.key).counts == Counts(accepted: 1))
    }
  }
}
