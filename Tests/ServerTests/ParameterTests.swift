import Foundation
import Testing

/// Parameters that won't do: refused by name, never a 500.
@Suite struct ParameterTests {
  @Test func eachIsNamedWithWhatWasFoundAndWhatIsAllowed() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      try await service.catchUp()
      // "[\"1\",\"GET\\u0000\",\"/x\"]" and "[\"2026-11-24T10:00:00.000Z\",\"x\"]"
      let (nulCursor, textCursor) = ("WyIxIiwiR0VUXHUwMDAwIiwiL3giXQ", "WyIyMDI2LTExLTI0VDEwOjAwOjAwLjAwMFoiLCJ4Il0")
      let wrong: [(path: String, field: String)] = [
        ("summary?mode=dead", "mode"), ("summary?from=yesterday", "from"), ("summary?to=2026-02-30T00:00:00Z", "to"),
        ("summary?from=2026-11-24T10:00:00", "from"), ("summary?from=1764000000", "from"),
        ("timeseries?from=0000-01-01T00:00:00Z&interval=day", "from"),
        ("summary?from=1969-12-31T23:59:59.999Z", "from"), ("summary?to=9999-12-31T23:59:59-00:01", "to"),
        ("summary?from=%00", "from"),
        ("summary?from=2026-11-24T00:00:00Z&to=2026-11-23T00:00:00Z", "from"), ("timeseries?interval=year", "interval"),
        ("timeseries?interval=minute", "interval"), ("timeseries?from=1970-01-01T00:00:00Z&interval=day", "interval"),
        ("endpoints?group=x", "group"), ("endpoints?limit=0", "limit"), ("endpoints?limit=501", "limit"),
        ("endpoints?limit=ten", "limit"), ("endpoints?limit=99999999999999999999", "limit"),
        ("endpoints?cursor=x", "cursor"),
        ("endpoints?cursor=W10", "cursor"), ("endpoints?cursor=\(textCursor)", "cursor"),
        ("endpoints?cursor=\(nulCursor)", "cursor"), ("requests?status=600", "status"),
        ("requests?status=4x", "status"),
        ("requests?status=404,", "status"), ("requests?status=,", "status"), ("requests?status=0404", "status"),
        ("requests?key_id=1", "key_id"), ("requests?min_ms=-1", "min_ms"), ("requests?min_ms=1e3", "min_ms"),
        ("requests?max_ms=1.", "max_ms"), ("requests?max_ms=0.1234567", "max_ms"),
        ("requests?min_ms=2&max_ms=1", "min_ms"), ("requests?path=%00", "path"),
        ("requests?cursor=%00", "cursor"),
        ("requests?cursor=\(nulCursor)", "cursor"), ("requests?cursor=\(textCursor)", "cursor"),
        ("requests?endpoint=/a%00b", "endpoint"), ("requests?method=%00", "method"),
        ("summary?status=600", "status"), ("timeseries?min_ms=2&max_ms=1", "min_ms"), ("endpoints?key_id=1", "key_id"),
        ("consumers?min_ms=x", "min_ms"), ("releases?consumer=%00", "consumer"), ("traffic-by-key?max_ms=-1", "max_ms"),
        ("summary?compare=month", "compare"), ("summary?compare_from=2026-11-24T00:00:00Z", "compare_to"),
        ("consumers?compare_to=2026-11-24T00:00:00Z", "compare_from"),
        ("endpoints?compare_from=2026-11-24T00:00:00Z&compare_to=2026-11-23T00:00:00Z", "compare_from"),
        ("timeseries?compare=previous&compare_to=2026-11-24T00:00:00Z", "compare"),
        ("timeseries?compare_from=1970-01-01T00:00:00Z&compare_to=2026-11-24T00:00:00Z", "interval"),
        ("releases?compare=weekday&time_zone=Mars", "time_zone"),
      ]
      for (path, field) in wrong {
        let answer = try await service.get("\(tenant.path)/\(path)", key: tenant.key)
        answer.expectProblem("invalid-parameter", status: 400, "\(path)")
        #expect(answer["field"].string == field, "\(path)")
        #expect(answer["found"].string?.isEmpty == false, "\(path)")
        #expect(answer["allowed"].string?.isEmpty == false, "\(path)")
      }
      for month in ["x", "0000-01", "1969-12", "2026-13", "2026-1", "2026-11-01", "%00"] {
        let answer = try await service.get("/api/v1/usage?month=\(month)", key: tenant.key)
        answer.expectProblem("invalid-parameter", status: 400, "\(month)")
        #expect(answer["field"] == "month")
      }
    }
  }

  @Test func theEndsOfTimeAreAnswered() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      try await service.catchUp()
      let range = "from=1970-01-01T00:00:00Z&to=9999-12-31T23:59:59Z"
      for route in ["summary", "endpoints", "consumers", "requests"] {
        #expect(try await service.get("\(tenant.path)/\(route)?\(range)", key: tenant.key).status == 200, "\(route)")
      }
      for terms in ["compare=previous", "compare=weekday", "status=5xx", "compare=weekday&method=GET"] {
        let answer = try await service.get("\(tenant.path)/summary?\(range)&\(terms)", key: tenant.key)
        #expect(answer.status == 200, "\(terms)")
      }
      for month in ["1970-01", "9999-12"] {
        #expect(try await service.get("/api/v1/usage?month=\(month)", key: tenant.key)["used"] == 0, "\(month)")
      }
      let offset = "from=2026-11-24T10:00:00%2B05:30&to=2026-11-24T10:00:00.5-03:00"
      let answer = try await service.get("\(tenant.path)/summary?\(offset)", key: tenant.key)
      #expect(answer["from"] == "2026-11-24T04:30:00.000Z")
      #expect(answer["to"] == "2026-11-24T13:15:00.000Z", "a span is of quarters of an hour")
    }
  }
}
