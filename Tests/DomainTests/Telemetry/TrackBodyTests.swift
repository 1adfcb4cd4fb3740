import Foundation
import TestDatabase
import Testing

@testable import Domain

@Suite struct TrackBodyTests {
  @Test func aSingleEventIsReadAndEncoded() throws {
    let body = try decode(
      #"""
       {"api_key":"sk_live_x","endpoint":"/v2/54fadb412c4e40cdbaed9335e4c35a9e/s\u00e9\ud83d\ude00\"\\\n","method":"get",
        "status_code":200,"response_time_ms":247.78290,"timestamp":"2026-11-24T10:00:00.123Z",
        "event_id":"0193E7A4-5b6c-7d8e-9f01-23456789abcd","future":{"a":[1,{}]}}
      """#)
    #expect(body.apiKey == "sk_live_x" && body.batchID == nil && body.isSingle && body.events.count == 1)
    guard case .valid(let request) = body.events[0].validity else { Issue.record("\(body)"); return }
    #expect(request.eventID == UUID(uuidString: "0193e7a4-5b6c-7d8e-9f01-23456789abcd"))
    #expect(request.month == "2026-11")
    #expect(
      String(decoding: body.events[0].digestInput, as: UTF8.self)
        == #"{"endpoint":"/v2/54fadb412c4e40cdbaed9335e4c35a9e/sé😀\"\\\n","template":"/v2/{id}/sé😀\"\\\n","#
        + #""method":"GET","status_code":200,"response_time_ms":247.7829,"timestamp":1795514400123}"#)
  }

  @Test func aByteOrderMarkIsPassedOverAtTheStartAndNowhereElse() throws {
    for text in [Sample.event(), " " + Sample.event(), #"{"events":[\#(Sample.event())]}"#] {
      #expect(try decode("\u{FEFF}" + text).events == decode(text).events)
    }
    for text in [
      "\u{FEFF}\u{FEFF}" + Sample.event(), Sample.event() + "\u{FEFF}", " \u{FEFF}" + Sample.event(), "\u{FEFF}",
    ] {
      #expect(throws: TrackBodyError.self) { try decode(text) }
    }
  }

  @Test func oneBadEventSpoilsNoOther() throws {
    let good = Sample.event()
    let bad = [
      "5", "null", "[]", #""x""#, "{}", Sample.event(["status_code": "99"]), Sample.event(["endpoint": #""/\ud800""#]),
      Sample.event(["endpoint": #""/\u0000""#]), Sample.event(["x": #""\udc00""#]),
    ]
    let body = try decode(#"{"events":[\#(bad.flatMap { [good, $0] }.joined(separator: ",")),\#(good)]}"#)
    for event in body.events {
      #expect(event.ordinal == body.events.firstIndex(of: event))
      if case .valid = event.validity { #expect(event.ordinal % 2 == 0) } else { #expect(event.ordinal % 2 == 1) }
    }
    #expect(body.events.count == bad.count * 2 + 1)
  }

  @Test func bytesThatAreNoUTF8SpoilOnlyTheirEvent() throws {
    for bytes: [UInt8] in [[0xFF], [0xC0, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]] {
      let text = Array(#"{"events":[\#(Sample.event(["endpoint": "\"/§\""])),\#(Sample.event())]}"#.utf8)
      let place = try #require(text.firstIndex(of: 0xC2))
      let body = try TrackBody.decode(Array(text[..<place]) + bytes + Array(text[(place + 2)...]), now: Sample.now)
      guard case .invalid(let problem) = body.events[0].validity, case .valid = body.events[1].validity else {
        Issue.record("\(bytes)")
        continue
      }
      #expect(problem.field == .endpoint && problem.allowed == "UTF-8")
    }
  }

  @Test(
    "each wrong field is named, with what was found and what is allowed",
    arguments: [
      ("endpoint", "7", TrackField.endpoint, "7"), ("endpoint", #""""#, .endpoint, #""""#),
      ("endpoint", #""x/y""#, .endpoint, #""x/y""#), ("endpoint", "null", .endpoint, "null"),
      ("method", #""B REW""#, .method, #""B REW""#), ("method", "true", .method, "true"),
      ("status_code", "600", .statusCode, "600"), ("status_code", "099e1", .statusCode, ""),
      ("status_code", "200.0", .statusCode, "200.0"), ("status_code", "2e2", .statusCode, "2e2"),
      ("status_code", #""200""#, .statusCode, #""200""#), ("status_code", "-200", .statusCode, "-200"),
      ("response_time_ms", "-1", .responseTime, "-1"),
      ("response_time_ms", "3600000.000001", .responseTime, "3600000.000001"),
      ("response_time_ms", "1e999", .responseTime, "1e999"), ("response_time_ms", #""1""#, .responseTime, #""1""#),
      ("timestamp", "1795514400", .timestamp, "1795514400"), ("timestamp", #""now""#, .timestamp, #""now""#),
      ("event_id", #""x""#, .eventID, #""x""#), ("event_id", "{}", .eventID, "an object"),
    ])
  func wrongField(name: String, value: String, field: TrackField, found: String) throws {
    let text = Sample.event([name: value])
    if value == "099e1" {
      #expect(throws: TrackBodyError.self) { try decode(text) }
      return
    }
    guard case .invalid(let problem) = try decode(text).events[0].validity else { Issue.record("valid"); return }
    #expect(problem.field == field && problem.found == found && !problem.allowed.isEmpty)
    #expect(problem.pointer(ordinal: 3) == "/events/3/\(name)")
  }

  @Test func anAbsentOrRepeatedFieldIsNamed() throws {
    for field: TrackField in [.endpoint, .method, .statusCode, .timestamp] {
      let absent = try decode(#"{"events":[\#(Sample.event([field.name: nil]))]}"#)
      guard case .invalid(let problem) = absent.events[0].validity else { Issue.record("\(field)"); continue }
      #expect(problem.field == field && problem.found == "nothing")
      let twice = try decode(#"{"events":[\#(Sample.event().dropLast()),"\#(field.name)":1}]}"#)
      guard case .invalid(let problem) = twice.events[0].validity else { Issue.record("\(field)"); continue }
      #expect(problem.field == field && problem.found == "it twice")
    }
  }

  @Test func anEventIsToldOfAllItsFaultsAtOnce() throws {
    let wrong = Sample.event([
      "endpoint": "7", "method": #""B REW""#, "status_code": "99", "response_time_ms": "-1", "timestamp": #""now""#,
      "event_id": #""x""#,
    ])
    guard case .invalid(let problem) = try decode(wrong).events[0].validity else { Issue.record("valid"); return }
    #expect(problem.field == .endpoint)
    #expect(problem.further.map(\.field) == [.method, .statusCode, .responseTime, .timestamp, .eventID])
    #expect(problem.further.allSatisfy { $0.further.isEmpty && !$0.allowed.isEmpty })

    let old = Sample.event(["status_code": "99", "timestamp": #""1999-01-01T00:00:00Z""#])
    guard case .invalid(let aged) = try decode(old).events[0].validity else { Issue.record("valid"); return }
    #expect(aged.field == .statusCode && aged.further.map(\.field) == [.timestamp])

    // A flaw of text, in a field that means nothing and in one of ours, and a field that is there twice.
    for (text, first, others) in [
      (Sample.event(["x": #""\udc00""#, "method": "7"]), nil, [.method]),
      (Sample.event(["endpoint": #""/\udc00""#, "method": "7"]), .endpoint, [.method]),
      (Sample.event().dropLast() + #","method":1,"status_code":99}"#, .method, [.statusCode]),
    ] as [(String, TrackField?, [TrackField?])] {
      let event = try decode(#"{"events":[\#(text)]}"#).events[0]
      guard case .invalid(let problem) = event.validity else { Issue.record("valid: \(text)"); continue }
      #expect(Set(problem.further.map(\.field)) == Set(others), "\(text): \(problem)")
      #expect(problem.field == first, "\(text)")
    }
  }

  @Test func endpointsAreBoundedInUnescapedBytes() throws {
    let longest = "/" + String(repeating: "é", count: 1_023) + "x"
    for (path, isValid) in [(longest, true), (longest + "x", false)] {
      for text in [path, path.replacingOccurrences(of: "é", with: "\\u00e9")] {
        guard case .valid(let request) = try decode(Sample.event(["endpoint": "\"\(text)\""])).events[0].validity
        else { #expect(!isValid); continue }
        #expect(isValid && request.endpoint == path)
      }
    }
  }

  @Test func theWindowIsOnlyAboutTheClockAndTheDigestIsNot() throws {
    let text = Sample.event()
    let sent = Sample.now
    let window = AcceptanceWindow.standard
    for (now, isInside) in [
      (sent + window.behind, true), (sent + window.behind + .milliseconds(1), false),
      (sent - window.ahead, true), (sent - window.ahead - .milliseconds(1), false),
    ] {
      let event = try TrackBody.decode(Array(text.utf8), now: now).events[0]
      switch event.validity {
      case .valid: #expect(isInside)
      case .outsideWindow(_, .tooOld(by: .milliseconds(1))), .outsideWindow(_, .tooNew(by: .milliseconds(1))):
        #expect(!isInside)
      default: Issue.record("\(event)")
      }
      #expect(try event.digestInput == decode(text).events[0].digestInput)
    }
  }

  @Test func anEventIDInABatchIsInvalidWhereverTheBatchIDStands() throws {
    let events = #""events":[\#(Sample.event(["event_id": "\"\(Sample.id)\""])),\#(Sample.event())]"#
    for text in [#"{"batch_id":"\#(Sample.id)",\#(events)}"#, #"{\#(events),"batch_id":"\#(Sample.id)"}"#] {
      let body = try decode(text)
      guard case .invalid(let problem) = body.events[0].validity, case .valid = body.events[1].validity else {
        Issue.record("\(body)")
        continue
      }
      #expect(problem.field == .eventID && body.batchID == UUID(uuidString: Sample.id))
    }
  }

  @Test(
    "a fault of the whole says where",
    arguments: [
      ("", "line 1, column 1 (byte 0)"), ("[]", ""), ("7", ""), ("{}", ""), (#"{"api_key":"x"}"#, ""),
      (#"{"events":[]}"#, "/events"), (#"{"events":{}}"#, "/events"), (#"{"events":null}"#, "/events"),
      (#"{"events":[5],"events":[5]}"#, "/events"), (#"{"events":[5],"method":"GET"}"#, "/method"),
      (#"{"batch_id":7,"events":[5]}"#, "/batch_id"), (#"{"batch_id":"7","events":[5]}"#, "/batch_id"),
      (#"{"api_key":7,"events":[5]}"#, "/api_key"), (#"{"api_key":"","events":[5]}"#, "/api_key"),
      (#"{"api_key":"a","api_key":"a","events":[5]}"#, "/api_key"),
      ("{\n\"é\": \"é\", x", "line 2, column 11 (byte 14)"), (#"{"events":[5]} x"#, "line 1, column 16 (byte 15)"),
      (#"{"a":NaN}"#, "line 1, column 6 (byte 5)"), (#"{"a":01}"#, "line 1, column 7 (byte 6)"),
      ("{\"a\":\"\u{1}\"}", "line 1, column 7 (byte 6)"), ("{\"a\":\"\u{0}\"}", "line 1, column 7 (byte 6)"),
      (#"{"a":"\x"}"#, "line 1, column 8 (byte 7)"), (#"{"a":"\ud800","events":[5]}"#, "line 1, column 7 (byte 6)"),
      (#"{"events":[5,]}"#, "line 1, column 14 (byte 13)"), (#"{"a":1,}"#, "line 1, column 8 (byte 7)"),
      ("\u{FEFF}\u{FEFF}{}", "line 1, column 2 (byte 3)"),
    ])
  func faultOfTheWhole(text: String, place: String) throws {
    let error = try #require(throws: TrackBodyError.self) { try decode(text) }
    #expect(error.place == place, "\(error)")
    #expect(!error.found.isEmpty && !error.allowed.isEmpty && !error.description.contains("sk_"))
  }

  @Test func limitsAreExact() throws {
    let allowed = "{\"events\":[" + String(repeating: "5,", count: 4_999) + "5]}"
    #expect(try decode(allowed).events.count == 5_000)
    #expect(throws: TrackBodyError.tooManyEvents(allowed: 5_000)) { try decode(allowed.dropLast(2) + ",5]}") }
    let padding = String(repeating: " ", count: 5_000_000 - allowed.utf8.count)
    #expect(try decode(allowed + padding).events.count == 5_000)
    #expect(throws: TrackBodyError.tooLarge(bytes: 5_000_001, allowed: 5_000_000)) {
      try decode(allowed + padding + " ")
    }
  }

  @Test func depthIsBoundedAndCostsNoStack() throws {
    func nested(_ levels: Int) -> String {
      let open = String(repeating: "[", count: levels), close = String(repeating: "]", count: levels)
      return Sample.event(["x": open + close])
    }
    guard case .valid = try decode(nested(31)).events[0].validity else { Issue.record("31"); return }
    for levels in [32, 10_000] {
      let error = try #require(throws: TrackBodyError.self) { try decode(nested(levels)) }
      #expect(error.found == "a value nested too deep")
    }
    #expect(throws: TrackBodyError.self) { try decode(String(repeating: "{\"a\":", count: 10_000)) }
  }

  @Test func whatIsFoundIsCutAndSafeToPrint() throws {
    let evil = "\"\u{202E}\u{2028}" + String(repeating: "😀", count: 100) + "\""
    guard case .invalid(let problem) = try decode(Sample.event(["method": evil])).events[0].validity else {
      Issue.record("valid")
      return
    }
    #expect(problem.found.unicodeScalars.count <= 64 + 16)
    #expect(!problem.found.unicodeScalars.contains("\u{202E}") && !problem.found.unicodeScalars.contains("\u{2028}"))
  }
}

func decode(_ text: some StringProtocol) throws -> TrackBody {
  try TrackBody.decode(Array(text.utf8), now: Sample.now)
}

enum Sample {
  static let now: Instant = 1_795_514_400_123
  static let id = "0193e7a4-5b6c-7d8e-9f01-23456789abcd"

  /// An event as JSON, with fields replaced, added, or left out (nil).
  static func event(_ changes: [String: String?] = [:]) -> String {
    var fields: [String: String?] = [
      "endpoint": #""/v2/7/servers""#, "method": #""GET""#, "status_code": "200", "response_time_ms": "12.5",
      "timestamp": #""2026-11-24T10:00:00.123Z""#,
    ]
    for (name, value) in changes { fields[name] = value }
    return "{" + fields.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }.joined(separator: ",") + "}"
  }
}
