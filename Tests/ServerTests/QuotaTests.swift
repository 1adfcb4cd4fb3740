import Domain
import Foundation
import Testing

/// Promise 5, as a client sees it.
@Suite struct QuotaTests {
  @Test func aFreeAccountGetsAThousandEventsAndThenIsToldSo() async throws {
    try await Service.with { service in
      let tenant = try await service.open(.free)
      let events = [EventText](repeating: EventText(service.clock), count: 600)
      let first = try await service.track(events.call(), key: tenant.key)
      #expect(first.counts == Counts(accepted: 600))
      #expect(first.header("RateLimit-Policy") == #""month";q=1000"#)
      #expect(first.header("RateLimit")?.hasPrefix(#""month";r=400;t="#) == true)

      let second = try await service.track(events.call(), key: tenant.key)
      #expect(second.status == 202)
      #expect(second.counts == Counts(accepted: 400, refused: 200))
      #expect(second["results"].elements.map { $0["index"].integer } == Array(400..<500))
      #expect(second["results_omitted"] == 100)
      #expect(second["results"][0]["type"] == "urn:recount:problem:quota-exceeded")

      let third = try await service.track(events.call(), key: tenant.key)
      third.expectProblem("quota-exceeded", status: 429)
      #expect(third.counts == Counts(refused: 600))
      #expect(third["used"] == 1_000)
      #expect(third["quota"] == 1_000)
      #expect(third.header("RateLimit")?.hasPrefix(#""month";r=0;t="#) == true)
      #expect(third.header("Retry-After").flatMap { Int($0) }.map { $0 > 0 && $0 <= 17 * 86_400 } == true)
      #expect(try await service.logged(tenant) == 1_000)
    }
  }

  @Test func refusedEventsWithTheirOwnIDsAreNamedByTheirPlaces() async throws {
    try await Service.with { service in
      let tenant = try await service.open(.free)
      let filler = [EventText](repeating: EventText(service.clock), count: 998)
      _ = try await service.track(filler.call(), key: tenant.key)
      let events = (0..<5).map { _ in EventText(service.clock).with(id: UUID()) }
      let answer = try await service.track(events.call(), key: tenant.key)
      #expect(answer.counts == Counts(accepted: 2, refused: 3))
      // Which of them the log takes first is its own affair: it must say which.
      let refused = Set(answer["results"].elements.map { $0["index"].integer })
      #expect(refused.count == 3)
      for (place, event) in events.enumerated() {
        let again = try await service.track(event.text, key: tenant.key)
        #expect(again.counts == (refused.contains(place) ? Counts(refused: 1) : Counts(duplicates: 1)))
      }
    }
  }

  @Test func aRetryOfAPartlyRefusedBatchIsToldWhatWasRecorded() async throws {
    try await Service.with { service in
      let tenant = try await service.open(.free)
      let filler = [EventText](repeating: EventText(service.clock), count: 995)
      _ = try await service.track(filler.call(), key: tenant.key)
      let batch = [EventText](repeating: EventText(service.clock), count: 8).call(batch: UUID())
      #expect(try await service.track(batch, key: tenant.key).counts == Counts(accepted: 5, refused: 3))
      let again = try await service.track(batch, key: tenant.key)
      again.expectProblem("quota-exceeded", status: 429)
      #expect(again.counts == Counts(duplicates: 5, refused: 3))
      #expect(
        again["results"].elements.map { $0["outcome"].string }
          == Array(repeating: "duplicate", count: 5) + Array(repeating: "refused", count: 3))
    }
  }

  @Test func aTestKeyHasAQuotaOfItsOwnAndIsToldThatItIsTheTestQuota() async throws {
    try await Service.with { service in
      let tenant = try await service.open(.free)
      let key = try await service.issue(for: tenant, mode: .test).key
      let events = [EventText](repeating: EventText(service.clock), count: 1_500)
      let first = try await service.track(events.call(), key: key)
      #expect(first.counts == Counts(accepted: 1_000, refused: 500))
      #expect(first["results"][0]["detail"] == "the month's test quota is used up")
      #expect(first.header("RateLimit-Policy") == #""month";q=1000"#)
      let second = try await service.track(events.call(), key: key)
      second.expectProblem("quota-exceeded", status: 429)
      #expect(second["detail"].string?.contains("1000 of its 1000 test events") == true)
      #expect(second["detail"].string?.contains("the test quota is apart from the live one") == true)
      #expect(second["quota"] == 1_000)
      #expect(try await service.track(events.call(), key: tenant.key).counts == Counts(accepted: 1_000, refused: 500))

      try await service.change(tenant, to: .pro)
      #expect(try await service.track(events.call(), key: key).counts == Counts(accepted: 1_500))
      try await service.catchUp()
      let usage = try await service.get("/api/v1/usage", key: tenant.key)
      #expect([usage["used"], usage["refused"], usage["quota"]] == [1_000, 500, 50_000])
      let test = try await service.get("/api/v1/usage", key: key)["test"]
      #expect([test["used"], test["refused"], test["quota"], test["remaining"]] == [2_500, 2_000, 10_000, 7_500])
      #expect(try await service.count("quota_exceeded") == 1, "crossings are of the live quota alone")
      try await service.expectReplayIsClean()
    }
  }

  @Test func eachEventIsChargedToTheMonthOfItsOwnTimestamp() async throws {
    try await Service.with { service in
      let tenant = try await service.open(.free)
      let earlier = -34 * 86_400.0
      func call(_ before: Int, _ now: Int) -> String {
        ([EventText](repeating: EventText(service.clock, after: earlier), count: before)
          + [EventText](repeating: EventText(service.clock), count: now)).call()
      }
      #expect(try await service.track(call(700, 300), key: tenant.key).counts == Counts(accepted: 1_000))
      let answer = try await service.track(call(700, 300), key: tenant.key)
      #expect(answer.counts == Counts(accepted: 600, refused: 400))
      #expect(answer["results"].elements.map { $0["index"].integer } == Array(300..<400))
      #expect(answer["results_omitted"] == 300)
      #expect(answer.header("RateLimit")?.hasPrefix(#""month";r=400;t="#) == true, "this month's, not the other's")

      let used = try await service.track(call(5, 0), key: tenant.key)
      used.expectProblem("quota-exceeded", status: 429)
      #expect(used["month"] == .string(service.clock.month(earlier)))
      #expect(used.header("RateLimit") == nil, "nothing is known here of this month")

      try await service.catchUp()
      for (month, used, refused) in [(service.clock.month(earlier), 1_000, 405), (service.clock.month(), 600, 0)] {
        let usage = try await service.get("/api/v1/usage?month=\(month)", key: tenant.key)
        #expect(usage["used"].integer == used)
        #expect(usage["refused"].integer == refused)
      }
    }
  }
}
