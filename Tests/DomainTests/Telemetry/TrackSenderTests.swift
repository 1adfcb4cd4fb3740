import Foundation
import Testing

@testable import Domain

@Suite struct TrackSenderTests {
  private static let id = UUID(uuidString: "0198a6d2-1111-7000-8000-00000000000a")
  private static let text = #"{"id":"0198A6D2-1111-7000-8000-00000000000a","sequence":37,"dropped":2}"#

  private func sender(_ text: String) throws -> TrackSender? {
    try decode(#"{"sender":\#(text),"events":[\#(Sample.event())]}"#).sender
  }

  @Test func aSenderIsReadWhereverItStandsInACallOfOneOrOfMany() throws {
    let wanted = TrackSender(id: try #require(Self.id), sequence: 37, dropped: 2)
    let events = #""events":[\#(Sample.event()),\#(Sample.event())]"#
    for body in [
      #"{"sender":\#(Self.text),\#(events)}"#, #"{\#(events),"sender":\#(Self.text)}"#,
      #"{"batch_id":"\#(Sample.id)",\#(events),"s\u0065nder":\#(Self.text)}"#, Sample.event(["sender": Self.text]),
      #"{"sender": { "dropped" : 2, "\u0069d": "0198a6d2-1111-7000-8000-00000000000a", "sequence": 37 } ,\#(events)}"#,
    ] {
      let read = try decode(body)
      #expect(read.sender == wanted)
      #expect(read.ignored.isEmpty)
      #expect(read.events.allSatisfy { if case .valid = $0.validity { true } else { false } }, "\(body)")
    }
  }

  @Test func aCallNeedsNone() throws {
    #expect(try decode(Sample.event()).sender == nil)
    #expect(try sender("null") == nil)
  }

  @Test func eventsWithIdsOfTheirOwnBeforeABatchIDAreReadAgainBesideASender() throws {
    let event = Sample.event(["event_id": "\"\(Sample.id)\""])
    let body = try decode(#"{"events":[\#(event)],"sender":\#(Self.text),"batch_id":"\#(Sample.id)"}"#)
    #expect(body.sender?.sequence == 37)
    #expect(body.events.count == 1)
    guard case .invalid = body.events[0].validity else { return #expect(Bool(false), "an event id beside a batch id") }
  }

  @Test func itsNumbersMayBeAsLargeAsJavaScriptCounts() throws {
    let most = 9_007_199_254_740_991
    let largest = try sender(#"{"id":"\#(Sample.id)","sequence":\#(most),"dropped":\#(most)}"#)
    #expect(largest?.sequence == 9_007_199_254_740_991 && largest?.dropped == 9_007_199_254_740_991)
  }

  @Test(arguments: [
    ("7", "/sender", "7"), (#""x""#, "/sender", #""x""#), ("[]", "/sender", "an array"),
    ("{}", "/sender/id", "nothing"), (#"{"id":"ID"}"#, "/sender/sequence", "nothing"),
    (#"{"id":"ID","sequence":1}"#, "/sender/dropped", "nothing"),
    (#"{"id":"7","sequence":1,"dropped":0}"#, "/sender/id", #""7""#),
    (#"{"id":7,"sequence":1,"dropped":0}"#, "/sender/id", "7"),
    (#"{"id":"ID","sequence":0,"dropped":0}"#, "/sender/sequence", "0"),
    (#"{"id":"ID","sequence":-1,"dropped":0}"#, "/sender/sequence", "-1"),
    (#"{"id":"ID","sequence":1.0,"dropped":0}"#, "/sender/sequence", "1.0"),
    (#"{"id":"ID","sequence":"1","dropped":0}"#, "/sender/sequence", #""1""#),
    (#"{"id":"ID","sequence":null,"dropped":0}"#, "/sender/sequence", "null"),
    (#"{"id":"ID","sequence":9007199254740992,"dropped":0}"#, "/sender/sequence", "9007199254740992"),
    (#"{"id":"ID","sequence":1,"dropped":99999999999999999999}"#, "/sender/dropped", "99999999999999999999"),
    (#"{"id":"ID","sequence":1,"dropped":{}}"#, "/sender/dropped", "an object"),
    (#"{"id":"ID","sequence":1,"sequence":1,"dropped":0}"#, "/sender/sequence", "it twice"),
  ])
  func whatIsWrongWithItIsToldOfTheCall(text: String, place: String, found: String) throws {
    do {
      _ = try sender(text.replacingOccurrences(of: "ID", with: Sample.id))
      Issue.record("\(text) was taken for a sender")
    } catch let error as TrackBodyError {
      #expect(error.place == place)
      #expect(error.found == found)
      #expect(!error.allowed.isEmpty)
    }
  }

  @Test func twoAreOneTooMany() {
    #expect(throws: TrackBodyError.repeated(.sender)) {
      try decode(#"{"sender":\#(Self.text),"sender":\#(Self.text),"events":[\#(Sample.event())]}"#)
    }
  }

  @Test func whatMeansNothingInItIsNamedAndWithinAnEventItMeansNothing() throws {
    let odd = Self.text.dropLast() + #","version":"1.2"}"#
    #expect(try decode(#"{"sender":\#(odd),"events":[\#(Sample.event())]}"#).ignored == ["version"])
    let inner = try decode(#"{"events":[\#(Sample.event(["sender": Self.text]))]}"#)
    #expect(inner.ignored == ["sender"] && inner.sender == nil)
  }

  @Test func itIsNoPartOfWhatARetryMustHaveInCommon() throws {
    let (plain, named) = (try decode(Sample.event()), try decode(Sample.event(["sender": Self.text])))
    #expect(plain.events[0].digestInput == named.events[0].digestInput)
  }
}
