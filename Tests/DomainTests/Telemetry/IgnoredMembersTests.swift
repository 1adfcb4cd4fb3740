import Foundation
import Testing

@testable import Domain

@Suite struct IgnoredMembersTests {
  @Test func whatIsKnownIsNotNamed() throws {
    let event = Sample.event(["event_id": "null"])
    #expect(try decode(event).ignored.isEmpty)
    #expect(try decode(#"{"api_key":null,"batch_id":"\#(Sample.id)","events":[\#(Sample.event())]}"#).ignored.isEmpty)
  }

  @Test func whatIsNotKnownIsNamedOnceOfAllEventsAndOfTheCall() throws {
    let typing = Sample.event(["staus_code": "200"])
    let odd = Sample.event(["customer": #"{"status":1}"#, "staus_code": "null"])
    let body = try decode(#"{"batchId":1,"events":[\#(typing),\#(odd),\#(typing)],"batchId":2}"#)
    #expect(body.ignored.sorted() == ["batchId", "customer", "staus_code"])
    #expect(body.events.allSatisfy { if case .valid = $0.validity { true } else { false } })
  }

  @Test func ofAnInvalidEventTheyAreNamedToo() throws {
    let wrong = Sample.event(["status_code": nil, "status": "200"])
    #expect(try decode(wrong).ignored == ["status"])
    #expect(try decode(#"{"events":[\#(wrong)],"batch_id":"\#(Sample.id)"}"#).ignored == ["status"])
  }

  @Test func whatMeansNothingWithinAnEventIsNamedThere() throws {
    let event = Sample.event(["api_key": #""sk_live_x""#, "batch_id": "1", "events": "[]"])
    let body = try decode(#"{"events":[\#(event)]}"#)
    #expect(body.ignored.sorted() == ["api_key", "batch_id", "events"])
    #expect(body.apiKey == nil && body.batchID == nil)
  }

  @Test func atMostTwentyAreNamedHoweverManyThereAre() throws {
    let events = (0..<300).map { Sample.event(["x\($0)": "0", "y\($0)": "0"]) }.joined(separator: ",")
    let names = try decode(#"{"events":[\#(events)]}"#).ignored
    #expect(names.count == TrackLimits.standard.ignoredNames && Set(names).count == names.count)
  }

  @Test func aNameIsShownSoThatItCanDoNothing() throws {
    let long = String(repeating: "n", count: 5_000)
    let event = #"{"\u001b[2J\u202e":1,"\#(long)":1,"a\"b":1,"\u0061\"b":2}"#
    let names = try decode(#"{"events":[\#(event)]}"#).ignored
    #expect(names.count == 3, "one name in two spellings is one")
    #expect(names[0] == #"\u{1b}[2J\u{202e}"#)
    #expect(names[1].hasPrefix("nnn") && names[1].hasSuffix("…") && names[1].count <= 64)
    #expect(names[2] == #"a"b"#)
  }

  @Test func theyAreNoPartOfWhatARetryMustHaveInCommon() throws {
    let (plain, more) = (try decode(Sample.event()), try decode(Sample.event(["future": "1"])))
    #expect(plain.events[0].digestInput == more.events[0].digestInput)
  }
}
