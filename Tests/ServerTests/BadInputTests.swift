import Foundation
import HTTPTypes
import NIOCore
import Testing

/// What must not be recorded: refused with which field, what was found and what is allowed, and without harm to others.
@Suite struct BadInputTests {
  /// A field, the raw text that it won't do with, and how what was found begins where that is worth saying.
  private static let fields: [(field: String, text: String?, found: String?)] = [
    ("endpoint", #""/a\u0000b""#, "U+0000"), ("endpoint", #""/a\ud800b""#, #"\ud800 without"#),
    ("endpoint", #""/a\udc00\ud800""#, nil), ("endpoint", #""""#, #""""#), ("endpoint", #""v2/x""#, #""v2/x""#),
    ("endpoint", "\"/\(String(repeating: "a", count: 2_048))\"", nil), ("endpoint", "5", "5"),
    ("endpoint", "{}", "an object"),
    ("endpoint", nil, "nothing"), ("endpoint", "null", "null"),
    ("method", #""FE TCH""#, #""FE TCH""#), ("method", #""""#, nil), ("method", #""GET ""#, nil), ("method", "7", "7"),
    ("method", nil, "nothing"),
    ("status_code", "99", "99"), ("status_code", "600", "600"), ("status_code", "200.5", "200.5"),
    ("status_code", "-200", "-200"),
    ("status_code", #""200""#, #""200""#), ("status_code", "2e2", "2e2"), ("status_code", "true", "true"),
    ("status_code", "99999999999999999999", nil), ("status_code", nil, "nothing"),
    ("response_time_ms", "-1", "-1"), ("response_time_ms", "-0.0001", nil), ("response_time_ms", "1e999", "1e999"),
    ("response_time_ms", "3600000.1", "3600000.1"), ("response_time_ms", "1e10", "1e10"),
    ("response_time_ms", #""12""#, #""12""#), ("response_time_ms", "[1]", "an array"),
    ("consumer", #""""#, #""""#), ("consumer", "7", "7"), ("consumer", #""a\nb""#, nil),
    ("consumer", #""a\u0000""#, nil),
    ("consumer", "\"\(String(repeating: "a", count: 129))\"", nil), ("release", "[]", "an array"),
    ("error", "\"\u{202E}\"", nil), ("request_bytes", "-1", "-1"), ("request_bytes", "1.5", "1.5"),
    ("response_bytes", "1000000000001", "1000000000001"), ("response_bytes", #""1""#, #""1""#),
    ("timestamp", #""2026-11-24T10:00:00""#, nil), ("timestamp", #""2026-02-30T10:00:00Z""#, nil),
    ("timestamp", #""2026-11-24""#, nil), ("timestamp", "1764000000", "1764000000"),
    ("timestamp", "1764000000123", nil),
    ("timestamp", #""yesterday""#, nil), ("timestamp", #""""#, nil), ("timestamp", nil, "nothing"),
    ("timestamp", #""1969-12-31T23:59:59Z""#, nil), ("timestamp", #""9999-12-31T23:59:59Z""#, nil),
    ("event_id", #""not-a-uuid""#, nil), ("event_id", "5", "5"),
  ]

  @Test func anEventWithFiveWrongFieldsIsToldOfAllFive() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let good = EventText(service.clock)
      let wrong = [
        ("endpoint", "7"), ("method", #""B REW""#), ("status_code", "99"), ("response_time_ms", "-1"),
        ("timestamp", #""2026-11-24T10:00""#),
      ]
      let bad = wrong.reduce(good) { $0.with($1.0, $1.1) }
      let alone = try await service.track(bad.text, key: tenant.key)
      alone.expectProblem("invalid-event", status: 400)
      let many = try await service.track([bad, good].call(), key: tenant.key)
      for told in [alone.json, alone["results"][0], many["results"][0]] {
        #expect(told["errors"].elements.compactMap(\.["field"].string) == wrong.map(\.0))
        for (field, _) in wrong { #expect(told["detail"].string?.contains("\(field): found ") == true) }
        #expect(told["detail"].string?.contains("the seconds and the offset are missing") == true)
      }
      let old = try await service.track(good.with("timestamp", #""2000-01-01T00:00:00Z""#).text, key: tenant.key)
      #expect(
        old["found"].string?.contains(/^a time that is \d+ years( and \d+ days?)? too old$/) == true, "\(old.text)")
      #expect(old["errors"] == .null, "there is but the one")
    }
  }

  @Test func eachFaultIsNamedAndCostsNoNeighbour() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let good = EventText(service.clock)
      for (field, text, found) in Self.fields {
        let comment: Comment = "\(field): \(text?.prefix(40) ?? "left out")"
        let bad = good.with(field, text)
        let alone = try await service.track(bad.text, key: tenant.key)
        alone.expectProblem("invalid-event", status: 400, comment)
        #expect(alone["field"].string == field, comment)
        #expect(alone["found"].string?.isEmpty == false, comment)
        #expect(alone["allowed"].string?.isEmpty == false, comment)
        if let found { #expect(alone["found"].string?.hasPrefix(found) == true, comment) }

        let among = try await service.track([good, bad, good].call(), key: tenant.key)
        #expect(among.status == 202, comment)
        #expect(among.counts == Counts(accepted: 2, invalid: 1), comment)
        #expect(among["results"][0]["index"] == 1, comment)
        #expect(among["results"][0]["field"].string == field, comment)
      }
      #expect(try await service.logged(tenant) == Self.fields.count * 2)
    }
  }

  @Test func whatIsUnusualButAllowedIsRecordedAsItIs() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let unusual: [(String, String)] = [
        ("endpoint", #""/😀/\ud83d\ude00/ÿ\u00ff""#), ("endpoint", "\"/\(String(repeating: "a", count: 2_047))\""),
        ("endpoint", #""/\"\\\u0001\u001f""#), ("endpoint", #""/100%/a%20b""#), ("method", #""patch""#),
        ("status_code", "100"), ("status_code", "599"),
        ("response_time_ms", "0"), ("response_time_ms", "-0"), ("response_time_ms", "3600000"),
        ("response_time_ms", "1e-30"), ("response_time_ms", "null"), ("consumer", "null"),
        ("consumer", "\"\(String(repeating: "😀", count: 128))\""), ("release", #""2026-11-24.3""#),
        ("error", #""E\u0020\"""#),
        ("request_bytes", "0"), ("response_bytes", "1000000000000"), ("extra", #"{"a":[1,{"b":"\ud83d\ude00"}]}"#),
        ("event_id", "null"),
      ]
      for (field, text) in unusual {
        let answer = try await service.track(EventText(service.clock).with(field, text).text, key: tenant.key)
        #expect(answer.counts == Counts(accepted: 1), "\(field): \(text.prefix(40))")
      }
      try await service.catchUp()
      let shown = try await service.get("\(tenant.path)/requests", key: tenant.key)["requests"].elements
      #expect(shown.count == unusual.count)
      #expect(shown.contains { $0["path"] == "/😀/😀/ÿÿ" })
      #expect(shown.count { $0["response_time_ms"] == .null } == 1)
      #expect(shown.contains { $0["path"] == "/\"\\\u{1}\u{1F}" })
      let encoded = try await service.get("\(tenant.path)/requests?endpoint=/100%25/a%2520b", key: tenant.key)
      #expect(encoded["requests"][0]["path"] == "/100%/a%20b")
    }
  }

  private static let deep = String(repeating: "[", count: 10_000)

  /// A body that can't be read as a whole, and where the fault is, where that is worth saying.
  private static let bodies: [(body: String, place: String?)] = [
    ("", nil), ("{", nil), ("[]", ""), ("null", ""), ("7", ""), ("\"sk_live_x\"", ""), ("{}", ""), ("{} {}", nil),
    (deep, nil), ("{\"x\":\(deep)", nil),
    ("{\"events\":[{\"x\":\(deep)\(String(repeating: "]", count: 10_000))}]}", nil),
    (String(repeating: "{\"a\":", count: 10_000), nil), (#"{"events":{}}"#, "/events"), (#"{"events":[]}"#, "/events"),
    (#"{"events":[{}],"endpoint":"/x"}"#, "/endpoint"), (#"{"events":[{}],"events":[{}]}"#, "/events"),
    (#"{"events":[{}],"batch_id":"x"}"#, "/batch_id"), (#"{"events":[{}],"batch_id":7}"#, "/batch_id"),
    (#"{"events":[{}],"api_key":7}"#, "/api_key"), (#"{"endpoint":"/x","response_time_ms":NaN}"#, nil),
    (#"{"endpoint":"/x","response_time_ms":Infinity}"#, nil), (#"{"endpoint":"/x","status_code":0200}"#, nil),
    ("{\"endpoint\":\"/\u{0}\"}", nil), ("{'endpoint':'/x'}", nil), (#"{"events":[{},]}"#, nil),
  ]

  @Test func aBodyThatCanNotBeReadIsToldWhere() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      for (body, place) in Self.bodies {
        let comment: Comment = "\(body.prefix(60))"
        let answer = try await service.track(body, key: tenant.key)
        answer.expectProblem("malformed-body", status: 400, comment)
        if let place {
          #expect(answer["place"].string == place, comment)
        } else {
          #expect(answer["place"].string?.hasPrefix("line 1, column ") == true, comment)
        }
        #expect(answer["found"].string?.isEmpty == false, comment)
        #expect(answer["allowed"].string?.isEmpty == false, comment)
      }
      #expect(try await service.logged(tenant) == 0)
    }
  }

  @Test func bytesThatAreNoTextAreRefusedWhereTheyMatter() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let good = EventText(service.clock).text
      let bad = EventText(service.clock).with("endpoint", "\"/?\"").text
      var body = ByteBuffer(string: [good, bad, good].call())
      let place = try #require(body.readableBytesView.firstIndex(of: UInt8(ascii: "?")))
      body.setInteger(UInt8(0xFF), at: place)
      let answer = try await service.send(.post, "/api/v1/track", key: tenant.key, body: body)
      #expect(answer.counts == Counts(accepted: 2, invalid: 1))
      #expect(answer["results"][0]["field"] == "endpoint")
    }
  }

  @Test func everyErrorIsAProblemDocumentWithItsRequestID() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let unknown = UUID().uuidString
      let wrong: [(method: HTTPRequest.Method, uri: String, key: String?, kind: String, status: Int)] = [
        (.get, "/nothing", nil, "not-found", 404), (.get, "/api/v1/nothing", nil, "not-found", 404),
        (.post, "/api/v2/track", nil, "not-found", 404), (.get, "/api/v1/projects", nil, "not-found", 404),
        (.get, "/%00%ff/../etc/passwd", nil, "not-found", 404), (.get, "/api/v1/track", nil, "method-not-allowed", 405),
        (.delete, "/api/v1/usage", nil, "method-not-allowed", 405),
        (.post, "/api/v1/track", nil, "malformed-body", 400),
        (.get, "/api/v1/usage", nil, "missing-key", 401),
        (.get, "/api/v1/usage?month=x", tenant.key, "invalid-parameter", 400),
        (.get, "/api/v1/projects/\(unknown)/summary", tenant.key, "project-not-found", 404),
        (.get, "/api/v1/projects/x%00y/summary", tenant.key, "project-not-found", 404),
        (.get, "\(tenant.path)/summary", tenant.key, "projection-stopped", 503),
      ]
      for (method, uri, key, kind, status) in wrong {
        let body = method == .post ? ByteBuffer() : nil
        try await service.send(method, uri, key: key, body: body).expectProblem(
          kind, status: status, "\(method) \(uri)")
      }
    }
  }

  @Test(arguments: [
    ("/api/v1/track", HTTPRequest.Method.get, "OPTIONS, POST"), ("/healthz", .put, "GET, HEAD, OPTIONS"),
    ("/api/v1/usage", .post, "GET, HEAD, OPTIONS"),
    ("/api/v1/projects/0193e7a4-5b6c-7d8e-9f01-23456789abcd/summary", .delete, "GET, HEAD, OPTIONS"),
  ])
  func aWrongMethodIsToldWhichAreServed(path: String, method: HTTPRequest.Method, allowed: String) async throws {
    try await Service.with { service in
      let answer = try await service.send(method, path)
      answer.expectProblem("method-not-allowed", status: 405)
      #expect(answer.headers[.allow] == allowed)
    }
  }
}
