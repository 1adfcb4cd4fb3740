import RecountClient
import Testing

@testable import Importer

@Suite struct CombinedTests {
  private let format = CombinedFormat()
  private let start = "192.0.2.1 - frank [10/Oct/2000:13:55:36 -0700] "

  @Test func theExampleOfApachesManual() throws {
    let event = try format.parse(
      text: start
        + #""GET /apache_pb.gif HTTP/1.0" 200 2326 "http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98; I ;Nav)""#
    )
    #expect(
      event
        == TrackEvent(
          endpoint: "/apache_pb.gif", method: "GET", statusCode: 200,
          timestamp: Timestamp(milliseconds: 971_211_336_000), responseBytes: 2_326))
  }

  @Test(arguments: [
    (#""GET / HTTP/1.1" 200 - "-" "curl" 0.123"#, "123"), (#""GET / HTTP/1.1" 200 5 "-" "curl" 1500"#, "1.5"),
    (#""GET / HTTP/1.1" 200 5"#, nil), (#""GET / HTTP/1.1" 200 5 "-" "curl 7.0" "0.5""#, nil),
    (#""GET / HTTP/1.1" 200 5 "-" "curl" 0.250 . -"#, "250"), (#""GET / HTTP/1.1" 200 5 "-" "curl" 0.250 pipe"#, "250"),
  ])
  func theResponseTimeIsTheLastBareNumber(_ rest: String, _ milliseconds: String?) throws {
    #expect(try format.parse(text: start + rest).responseTime?.description == milliseconds)
  }

  @Test(arguments: [("5", 5), ("0", 0), ("-", nil), ("1000000000000", 1_000_000_000_000)])
  func theSizeIsThatOfTheAnswer(_ size: String, _ bytes: Int64?) throws {
    #expect(try format.parse(text: start + "\"GET / HTTP/1.1\" 200 \(size) 0.5").responseBytes == bytes)
  }

  @Test func linesWithoutAResponseTimeGetTheDefault() throws {
    let format = CombinedFormat(defaultResponseTime: ResponseTime(.milliseconds(7)))
    #expect(try format.parse(text: start + #""GET / HTTP/1.1" 200 5"#).responseTime == ResponseTime(.milliseconds(7)))
  }

  @Test(arguments: [
    ("GET http://example.com/a/b?c=d HTTP/1.1", "/a/b?c=d"), ("GET https://example.com HTTP/1.1", "/"),
    ("GET http://example.com?c=d HTTP/1.1", "/?c=d"), ("get /old", "/old"), ("GET /with space HTTP/1.1", "/with space"),
    (#"GET /a\"b\\c\x41 HTTP/1.1"#, "/a\"b\\cA"), (#"GET /caf\xc3\xa9 HTTP/2.0"#, "/café"),
  ])
  func theEndpointIsTheTarget(_ request: String, _ endpoint: String) throws {
    #expect(try format.parse(text: start + "\"\(request)\" 200 5").endpoint == endpoint)
  }

  @Test(arguments: [
    ("PROPFIND /dav HTTP/1.1", "PROPFIND", "/dav"), ("report /x", "report", "/x"), ("patch /x", "PATCH", "/x"),
    ("OPTIONS * HTTP/1.1", "OPTIONS", "*"), ("CONNECT example.com:443 HTTP/1.1", "CONNECT", "example.com:443"),
  ])
  func anyTokenIsAMethodAndItsTargetAnEndpoint(_ request: String, _ method: String, _ endpoint: String) throws {
    let event = try format.parse(text: start + "\"\(request)\" 200 5")
    #expect(event.method == method && event.endpoint == endpoint)
  }

  @Test func aUsersNameMayHoldABracket() throws {
    let line = #"::1 - [me] [10/Oct/2000:13:55:36 +0000] "PUT /x HTTP/1.1" 204 -"#
    #expect(try format.parse(text: line).statusCode == 204)
  }

  @Test(arguments: [
    (#""-" 400 0"#, "endpoint is"), (#""\x16\x03\x01" 400 0"#, "method is"),
    (#""GET * HTTP/1.1" 200 0"#, "must start with /"), (#""POST a:443 HTTP/1.1" 200 0"#, "must start with /"),
    (#""G(T / HTTP/1.1" 200 0"#, "method is"),
    (#""GET /\xff HTTP/1.1" 200 0"#, "not UTF-8"), (#""GET / HTTP/1.1" 600 0"#, "status is"),
    (#""GET / HTTP/1.1" 200 x"#, "size is"), (#""GET / HTTP/1.1" 200 1000000000001"#, "size is"),
    (#""GET / HTTP/1.1 200 5"#, "no request in quotes"),
    (#""GET / HTTP/1.1" 200 5 "open"#, "a quote is not closed"),
  ])
  func whatCannotBeReadSaysWhy(_ rest: String, _ reason: String) {
    #expect {
      try format.parse(text: start + rest)
    } throws: {
      "\($0)".contains(reason)
    }
  }
}

@Suite struct JSONLinesTests {
  private let format = JSONLinesFormat()

  @Test func anEventOfTheAPIIsRead() throws {
    let event = try format.parse(
      text: #"{"endpoint":"/v2/x","method":"get","status_code":200,"response_time_ms":247.7829,"#
        + #""timestamp":"2025-11-24T17:00:00.1239+01:00","api_key":"x"}"#)
    #expect(
      event
        == TrackEvent(
          endpoint: "/v2/x", method: "GET", statusCode: 200,
          responseTime: ResponseTime(milliseconds: "247.7829"),
          timestamp: Timestamp(milliseconds: 1_764_000_000_123)))
  }

  @Test func allThatAnEventMaySayIsRead() throws {
    let start = #"{"endpoint":"/","method":"GET","status_code":503,"timestamp":"2025-11-24T16:00:00Z""#
    let event = TrackEvent(
      endpoint: "/", method: "GET", statusCode: 503, timestamp: Timestamp(milliseconds: 1_764_000_000_000))
    #expect(try format.parse(text: start + "}") == event)
    var all = event
    (all.consumer, all.requestBytes, all.responseBytes, all.release, all.error) = ("acme", 0, 17, "1.2", "E")
    #expect(
      try format.parse(
        text: start + #","consumer":"acme","request_bytes":0,"response_bytes":17,"release":"1.2","error":"E"}"#) == all)
  }

  @Test(arguments: [
    (#""consumer":"","status_code":200,"timestamp":"2025-11-24T17:00:00Z""#, "consumer is"),
    (#""request_bytes":-1,"status_code":200,"timestamp":"2025-11-24T17:00:00Z""#, "request_bytes is -1"),
    (#""request_bytes":1.5,"status_code":200,"timestamp":"2025-11-24T17:00:00Z""#, "can't be read: "),
    (#""release":5,"status_code":200,"timestamp":"2025-11-24T17:00:00Z""#, "release is of another type"),
    (#""status_code":"200","response_time_ms":1,"timestamp":"""#, "status_code is of another type"),
    (#""status_code":200,"response_time_ms":-1,"timestamp":"2025-11-24T17:00:00Z""#, "response time is -1"),
    (#""status_code":200,"response_time_ms":1,"timestamp":"2025-11-24T17:00:00""#, "timestamp is"),
    (#""response_time_ms":1,"timestamp":"2025-11-24T17:00:00Z""#, "status_code is missing"),
    (
      #""status_code":200,"response_time_ms":1,"timestamp":"2025-11-24T17:00:00Z","event_id":"x""#,
      "event_id is given"
    ),
    (#""status_code":200"#, "is missing"), (#""status_code"#, "not a JSON object"),
  ])
  func whatCannotBeReadSaysWhy(_ rest: String, _ reason: String) {
    #expect {
      try format.parse(text: #"{"endpoint":"/","method":"GET","# + rest + "}")
    } throws: {
      "\($0)".contains(reason)
    }
  }
}
