import Foundation
import HTTPTypes
import NIOCore
import Testing

/// What a track call is told when all is well, or well enough.
@Suite struct TrackTests {
  @Test func theMissionsCallIsRecordedAsItStands() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let answer = try await service.track(
        """
        {"api_key": "\(tenant.key)", "endpoint": "/v2/orders/1234", "method": "GET", "status_code": 200,
         "response_time_ms": 12.5, "timestamp": "\(service.clock.time())"}
        """)
      #expect(answer.status == 202)
      #expect(answer.headers[.contentType] == "application/json")
      #expect(answer.header("X-Request-Id") != nil)
      #expect(answer.json == ["accepted": 1, "duplicates": 0, "refused": 0, "invalid": 0, "results": []])
      #expect(try await service.logged(tenant) == 1)
    }
  }

  @Test func theKeyMayStandInTheHeaderOrInTheBody() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let event = EventText(service.clock)
      let single = event.with("api_key", "\"\(tenant.key)\"").text
      let many = "{\"api_key\":\"\(tenant.key)\",\"events\":[\(event.text)]}"
      for (body, key) in [(single, nil), (many, nil), (event.text, tenant.key), ([event].call(), tenant.key)] {
        #expect(try await service.track(body, key: key).counts == Counts(accepted: 1))
      }
      for scheme in ["bearer", "BEARER", "Bearer  "] {
        let answer = try await service.track(event.text, headers: [.authorization: "\(scheme) \(tenant.key)"])
        #expect(answer.status == 202, "\(scheme)")
      }
    }
  }

  @Test func differentKeysInHeaderAndBodyAreRefusedAndTheSameTwiceIsOne() async throws {
    try await Service.with { service in
      let (tenant, other) = (try await service.open(), try await service.open())
      let event = EventText(service.clock)
      for body in [
        event.with("api_key", "\"\(other.key)\"").text, "{\"api_key\":\"\(other.key)\",\"events\":[\(event.text)]}",
      ] {
        let answer = try await service.track(body, key: tenant.key)
        answer.expectProblem("invalid-parameter", status: 400)
        #expect(answer["field"] == "api_key")
        #expect(answer["detail"].string?.contains("Authorization header") == true)
        #expect(!answer.text.contains(other.key) && !answer.text.contains(tenant.key))
      }
      #expect(try await service.logged(tenant) == 0)
      #expect(try await service.logged(other) == 0)
      let same = try await service.track(event.with("api_key", "\"\(tenant.key)\"").text, key: tenant.key)
      #expect(same.counts == Counts(accepted: 1))
    }
  }

  @Test func membersThatMeanNothingAreKeptOutAndNamedOnce() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let odd = EventText(service.clock).with("colour", "1").with("staus_code", "2")
      let answer = try await service.track([odd, odd, EventText(service.clock)].call(), key: tenant.key)
      #expect(answer.counts == Counts(accepted: 3))
      #expect(answer["ignored"] == ["colour", "staus_code"])
      let bad = try await service.track(odd.with("status_code", nil).text, key: tenant.key)
      bad.expectProblem("invalid-event", status: 400)
      #expect(bad["ignored"] == ["colour", "staus_code"])
    }
  }

  /// However it is identified, an event with another member is another body, and so is one without it.
  @Test func theSameIDWithAnotherMemberIsAConflict() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let event = EventText(service.clock).with("consumer", #""acme""#).with("response_bytes", "17")
      let others = [
        event.with("consumer", #""emca""#), event.with("consumer", nil), event.with("response_bytes", "18"),
        event.with("release", #""2""#), event.with("error", #""E""#), event.with("request_bytes", "17"),
        event.with("response_time_ms", nil), event.with("response_time_ms", "0"),
      ]
      let (id, batch) = (UUID(), UUID())
      for expected in [Counts(accepted: 1), Counts(duplicates: 1)] {
        #expect(try await service.track(event.with(id: id).text, key: tenant.key).counts == expected)
        #expect(try await service.track([event].call(batch: batch), key: tenant.key).counts == expected)
      }
      for other in others {
        for body in [other.with(id: id).text, [other].call(batch: batch)] {
          try await service.track(body, key: tenant.key).expectProblem("event-id-conflict", status: 409)
        }
      }
      let same = event.with("error", "null").with("release", "null")
      #expect(try await service.track(same.with(id: id).text, key: tenant.key).counts == Counts(duplicates: 1))
      #expect(try await service.logged(tenant) == 2)
    }
  }

  @Test func oneBadEventNeverCostsItsNeighboursTheirs() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let good = EventText(service.clock)
      let bad = [
        good.with("status_code", "99").text, good.with("endpoint", nil).text, "7", "null", "[]",
        good.with("response_time_ms", "-1").text, EventText(service.clock, after: -40 * 86_400).text,
      ]
      let events = bad.flatMap { [good.text, $0] } + [good.text]
      let answer = try await service.track(events.call(), key: tenant.key)
      #expect(answer.status == 202)
      #expect(answer.counts == Counts(accepted: 8, invalid: 7))
      let results = answer["results"].elements
      #expect(results.map { $0["index"].integer } == [1, 3, 5, 7, 9, 11, 13])
      #expect(results.allSatisfy { $0["outcome"] == "invalid" })
      #expect(
        results.map { $0["field"].string } == [
          "status_code", "endpoint", nil, nil, nil, "response_time_ms", "timestamp",
        ])
      #expect(results.first?["detail"] == "status_code: found 99, allowed is an integer from 100 to 599")
      #expect(try await service.logged(tenant) == 8)
    }
  }

  @Test func aCallWithoutAnyValidEventIsRefusedWithItsFirstReason() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let bad = EventText(service.clock).with("method", "\"FE TCH\"")
      let answer = try await service.track([bad, bad].call(), key: tenant.key)
      answer.expectProblem("invalid-event", status: 400)
      #expect(answer.counts == Counts(invalid: 2))
      #expect(answer["field"] == "method")
      #expect(answer["found"] == "\"FE TCH\"")
      #expect(answer["results"].elements.count == 2)
    }
  }

  @Test func anEventOutsideTheWindowIsToldThatItIsItsTimestamp() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      for seconds in [-35 * 86_400 - 1.0, 301] {
        let answer = try await service.track(EventText(service.clock, after: seconds).text, key: tenant.key)
        answer.expectProblem("invalid-event", status: 400)
        #expect(answer["field"] == "timestamp")
        #expect(answer["allowed"] == "at most 35 days before and 5 minutes after now")
      }
      for seconds in [-35 * 86_400.0, 300] {
        let answer = try await service.track(EventText(service.clock, after: seconds).text, key: tenant.key)
        #expect(answer.counts == Counts(accepted: 1))
      }
    }
  }

  @Test func fiveThousandEventsFitInACallAndOneMoreDoesNot() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let events = [EventText](repeating: EventText(service.clock), count: 5_001)
      let tooMany = try await service.track(events.call(), key: tenant.key)
      tooMany.expectProblem("malformed-body", status: 400)
      #expect(tooMany["place"] == "/events")
      #expect(try await service.logged(tenant) == 0)
      #expect(
        try await service.track(events.dropLast().map { $0 }.call(), key: tenant.key).counts == Counts(accepted: 5_000))
    }
  }
}
