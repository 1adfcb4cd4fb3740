import Foundation
import Testing

@testable import RecountClient

@Suite struct ResponseTimeTests {
  @Test(arguments: [
    ("0.2477829", "247.7829"), ("2", "2000"), ("0", "0"), ("0.0000001", "0.0001"), ("1.5e-3", "1.5"), ("0.500", "500"),
  ])
  func secondsBecomeExactMilliseconds(_ seconds: String, _ milliseconds: String) {
    #expect(ResponseTime(seconds: seconds)?.description == milliseconds)
  }

  @Test(arguments: ["", ".", "1.", "-", "1e", "nan", "0x1", "1 ", "1,5", "1234567890123456789012", "1e99"])
  func otherTextIsNone(_ text: String) { #expect(ResponseTime(milliseconds: text) == nil) }

  @Test func numbersAndDurationsKeepTheirShortestDecimal() {
    #expect(ResponseTime(milliseconds: 247.7829)?.description == "247.7829")
    #expect(ResponseTime(milliseconds: 1e-7)?.description == "0.0000001")
    #expect(ResponseTime(milliseconds: .infinity) == nil)
    #expect(ResponseTime(.microseconds(12_345)).description == "12.345")
    #expect(ResponseTime(milliseconds: "-1")?.description == "-1")
  }

  @Test func equalTimesAreEqualValues() {
    #expect(ResponseTime(milliseconds: "1.50") == ResponseTime(seconds: "0.0015"))
    #expect(ResponseTime(.milliseconds(2)) > ResponseTime(.microseconds(1_999)))
  }
}

@Suite struct TimestampTests {
  @Test(arguments: [
    (1_764_000_000_123, "2025-11-24T16:00:00.123Z"), (0, "1970-01-01T00:00:00.000Z"),
    (951_782_400_000, "2000-02-29T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
  ])
  func isWrittenAsRFC3339(_ milliseconds: Int64, _ text: String) {
    #expect(Timestamp(milliseconds: milliseconds).description == text)
  }

  @Test func everyDayOfFourCenturiesComesBack() {
    for day in Int64(-10_957)...135_140 { #expect(CivilDate(daysSince1970: day).daysSince1970 == day) }
  }

  @Test func daysThatDoNotExistAreNone() {
    #expect(CivilDate(year: 2023, month: 2, day: 29) == nil)
    #expect(CivilDate(year: 2024, month: 2, day: 29) != nil)
    #expect(CivilDate(year: 2024, month: 4, day: 31) == nil)
  }
}

@Suite struct WireTests {
  @Test func aBatchIsTheJSONThatTheAPIReads() throws {
    let id = try #require(UUID(uuidString: "00000000-0000-7000-8000-000000000001"))
    let event = TrackEvent(
      endpoint: "/a\"b\\c\n\u{1F600}", method: "GET", statusCode: 200, responseTime: ResponseTime(.milliseconds(12)),
      timestamp: Timestamp(milliseconds: 1_764_000_000_123))
    let body = String(decoding: TrackBatch([event], id: id).body, as: UTF8.self)
    #expect(
      body == #"{"batch_id":"00000000-0000-7000-8000-000000000001","events":["#
        + #"{"endpoint":"/a\"b\\c\u000a😀","method":"GET","#
        + #""status_code":200,"response_time_ms":12,"timestamp":"2025-11-24T16:00:00.123Z"}]}"#)
  }

  @Test func whatAnEventSaysBesidesIsSentAndWhatItDoesNotIsLeftOut() throws {
    let id = try #require(UUID(uuidString: "00000000-0000-7000-8000-000000000001"))
    var event = TrackEvent(
      endpoint: "/", method: "GET", statusCode: 504, timestamp: Timestamp(milliseconds: 1_764_000_000_123))
    let start =
      #"{"batch_id":"00000000-0000-7000-8000-000000000001","events":["#
      + #"{"endpoint":"/","method":"GET","status_code":504,"timestamp":"2025-11-24T16:00:00.123Z""#
    #expect(String(decoding: TrackBatch([event], id: id).body, as: UTF8.self) == start + "}]}")
    (event.consumer, event.requestBytes, event.responseBytes) = ("a\"b", 0, 1_893)
    (event.release, event.error) = ("2026-11-24.3", "TimeoutError")
    #expect(
      String(decoding: TrackBatch([event], id: id).body, as: UTF8.self)
        == start + #","consumer":"a\"b","request_bytes":0,"response_bytes":1893,"#
        + #""release":"2026-11-24.3","error":"TimeoutError"}]}"#)
  }

  @Test func noBatchOutgrowsARequestWhateverItsEventsSay() {
    var buffer = TrackBuffer()
    var event = TrackEvent.sample("/" + String(repeating: "\u{1}", count: 1_000))
    let label = String(repeating: "\u{1}", count: 128)
    (event.consumer, event.release, event.error) = (label, label, label)
    (event.requestBytes, event.responseBytes) = (.min, .min)
    while buffer.hasRoom(for: event, limit: TrackBatch.eventLimit) { buffer.append(event) }
    #expect(TrackBatch(buffer.events).body.count <= TrackBatch.byteLimit)
    #expect(buffer.events.count > 500)
  }

  @Test func noBatchOutgrowsARequest() {
    var buffer = TrackBuffer()
    let event = TrackEvent.sample("/" + String(repeating: "\u{1}", count: 2_047))
    while buffer.hasRoom(for: event, limit: TrackBatch.eventLimit) { buffer.append(event) }
    #expect(TrackBatch(buffer.events).body.count <= TrackBatch.byteLimit)
    #expect(buffer.events.count > 300)
  }

  @Test func version7IDsCarryTheTime() {
    let id = UUIDv7.make(at: Timestamp(milliseconds: 0x17F_22E2_79B0), random: (0xFCC3, 0x18C4_DC0C_0C07_398F))
    // The example of RFC 9562, appendix A.6.
    #expect(id.uuidString == "017F22E2-79B0-7CC3-98C4-DC0C0C07398F")
    #expect(UUIDv7.make() != UUIDv7.make())
  }

  @Test func aWrongConfigurationIsRefusedAtTheStart() throws {
    let ftp = try #require(URL(string: "ftp://x"))
    let http = try #require(URL(string: "http://x"))
    #expect(throws: RecountError.self) { try RecountClient(.init(url: ftp, key: "k")) }
    #expect(throws: RecountError.self) { try RecountClient(.init(url: http, key: "k\r\nX: y")) }
  }
}
