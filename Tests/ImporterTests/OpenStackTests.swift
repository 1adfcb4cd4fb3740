import Foundation
import RecountClient
import Testing

@testable import Importer

@Suite struct OpenStackTests {
  private func events() async throws -> [TrackEvent] {
    let chunks = try ChunkReader(.file(SharedData.openStackLog))
    var reader = EventReader(LineReader { try await chunks.next() }, format: OpenStackFormat()) { line, reason in
      Issue.record("line \(line): \(reason)")
    }
    var events: [TrackEvent] = []
    while let next = try await reader.next() { events.append(next.event) }
    return events
  }

  @Test func theRealLogHoldsWhatItIsKnownToHold() async throws {
    let events = try await events()
    #expect(events.count == 1_017)
    let statuses = Dictionary(grouping: events, by: \.statusCode).mapValues(\.count)
    #expect(statuses == [200: 933, 202: 21, 204: 22, 404: 41])
    let methods = Dictionary(grouping: events, by: \.method).mapValues(\.count)
    #expect(methods == ["GET": 931, "POST": 64, "DELETE": 22])
    #expect(events.count { $0.method == "GET" && $0.endpoint.hasSuffix("/servers/detail") } == 698)
  }

  @Test func responseTimesAreNotRounded() async throws {
    let sum = try await events().reduce(Decimal(0)) { sum, event in
      sum + (Decimal(string: event.responseTime?.description ?? "") ?? .nan)
    }
    // Adding up the seconds as text, 7 decimals each, moved by three places.
    let text = try String(contentsOfFile: SharedData.openStackLog, encoding: .utf8)
    let expected = text.split(whereSeparator: \.isNewline).reduce(0) { sum, line in
      sum + (Int(line.suffix(9).filter { $0 != "." }) ?? .min)
    }
    #expect(sum * 10_000 == Decimal(expected))
  }

  @Test func aLineWithoutTheFilesNameIsReadToo() throws {
    let line =
      "2017-05-16 00:00:00.008 25746 INFO nova [req-1 - - -] 10.11.10.1 \"post /v2/x?a=b HTTP/1.1\" status: 202 len: 9 time: 0.2477829"
    let event = try OpenStackFormat().parse(text: line)
    #expect(
      event
        == TrackEvent(
          endpoint: "/v2/x?a=b", method: "POST", statusCode: 202,
          responseTime: ResponseTime(milliseconds: "247.7829"),
          timestamp: Timestamp(milliseconds: 1_494_892_800_008)))
  }

  @Test(arguments: [
    ("garbage", "no time"), ("2017-05-16 00:00:00.008 1 INFO started", "no request in quotes"),
    ("2017-05-16 00:00:00 \"B(EW / HTTP/1.1\" status: 200 len: 1 time: 1", "method is \"B(EW\""),
    ("2017-05-16 00:00:00 \"GET / HTTP/1.1\" status: 99 len: 1 time: 1", "status is \"99\""),
    ("2017-05-16 00:00:00 \"GET / HTTP/1.1\" len: 1 time: 1", "status: is missing"),
    ("2017-05-16 00:00:00 \"GET / HTTP/1.1\" status: 200 len: 1 time: soon", "response time is \"soon\""),
    ("2017-05-16 00:00:00 \"GET / HTTP/1.1\" status: 200 len: 1 time: 3601", "allowed are 0 to 3600000"),
    ("2017-02-30 00:00:00 \"GET / HTTP/1.1\" status: 200 len: 1 time: 1", "no time"),
  ])
  func whatCannotBeReadSaysWhy(_ line: String, _ reason: String) {
    #expect {
      try OpenStackFormat().parse(text: line)
    } throws: {
      "\($0)".contains(reason)
    }
  }
}
