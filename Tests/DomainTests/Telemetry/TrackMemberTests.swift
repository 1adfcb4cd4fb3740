import Foundation
import Testing

@testable import Domain

/// What ``TrackField`` says of its members is what becomes of them, whichever they are.
@Suite struct TrackMemberTests {
  private static let ofEvent = TrackField.allCases.map(\.member).filter(\.isOfEvent)
  private static let optional = ofEvent.filter { !$0.isRequired }

  @Test(arguments: TrackField.allCases) func aFieldIsFoundByItsNameAlone(field: TrackField) {
    let name = Array(field.name.utf8)
    #expect(Self.found(name) == field)
    for index in name.indices {
      var other = name
      other[index] ^= 0x20
      #expect(Self.found(other) == nil, "\(String(decoding: other, as: UTF8.self))")
    }
    for count in 0..<name.count { #expect(Self.found(Array(name[..<count])) == nil) }
    for more in 1...20 { #expect(Self.found(name + [UInt8](repeating: 0x73, count: more)) == nil) }
  }

  private static func found(_ name: [UInt8]) -> TrackField? {
    name.withUnsafeBufferPointer { TrackTable.standard.names.field($0) }
  }

  @Test func anEventIsStoredWithAllItsMembersInTheirOrder() throws {
    let event = try decode(Sample.event(Self.most)).events[0]
    guard case .valid = event.validity else { Issue.record("\(event)"); return }
    let stored = String(decoding: event.digestInput, as: UTF8.self)
    let names = Self.ofEvent.filter(\.isStored).flatMap { $0.name == "endpoint" ? [$0.name, "template"] : [$0.name] }
    #expect(stored.matches(of: /"([a-z_]+)":/).map { String($0.1) } == names)
  }

  @Test func whatMayBeAbsentMayBeNull() throws {
    for member in Self.optional {
      let absent = try decode(Sample.event([member.name: nil])).events[0]
      guard case .valid = absent.validity else { Issue.record("\(member.name)"); continue }
      #expect(try decode(Sample.event([member.name: "null"])).events[0] == absent, "\(member.name)")
    }
  }

  @Test func whatMayBeAbsentIsRefusedWhereItIsNotWhatItMayBe() throws {
    for member in Self.optional {
      for wrong in Self.wrong(member.value) {
        let event = try decode(Sample.event([member.name: wrong])).events[0]
        guard case .invalid(let problem) = event.validity else { Issue.record("\(member.name): \(wrong)"); continue }
        #expect(problem.field?.name == member.name && !problem.allowed.isEmpty && problem.further.isEmpty)
      }
    }
  }

  /// A log has events of five members for good, and ids are told apart by digests of them.
  @Test func anEventWithoutTheNewMembersIsStoredInTheBytesThatItAlwaysWas() throws {
    #expect(
      String(decoding: try decode(Sample.event()).events[0].digestInput, as: UTF8.self)
        == #"{"endpoint":"/v2/7/servers","template":"/v2/{id}/servers","method":"GET","status_code":200,"#
        + #""response_time_ms":12.5,"timestamp":1795514400123}"#)
  }

  @Test func anUnknownResponseTimeIsAbsentAndNotZero() throws {
    let event = try decode(Sample.event(["response_time_ms": nil])).events[0]
    guard case .valid(let request) = event.validity else { Issue.record("\(event)"); return }
    #expect(request.responseTimeNanoseconds == nil)
    #expect(
      String(decoding: event.digestInput, as: UTF8.self)
        == #"{"endpoint":"/v2/7/servers","template":"/v2/{id}/servers","method":"GET","status_code":200,"#
        + #""timestamp":1795514400123}"#)
    #expect(event.digestInput != (try decode(Sample.event(["response_time_ms": "0"])).events[0].digestInput))
  }

  @Test func aMemberMoreOrLessOrOfAnotherValueIsAnotherBody() throws {
    for member in Self.optional where member.isStored {
      let values = Self.some(member.value).map(Optional.some) + [nil]
      let stored = try values.map { try decode(Sample.event([member.name: $0])).events[0].digestInput }
      #expect(Set(stored).count == values.count, "\(member.name)")
    }
  }

  /// What is sent is what is stored, whichever members there are, and what is stored is read as the same again.
  @Test func everyMemberComesBackFromWhatIsStored() throws {
    var random = SplitMix(seed: 3)
    for _ in 0..<500 {
      var sent: [String: String?] = ["response_time_ms": nil]
      for member in Self.optional where member.isStored && random.below(2) == 0 {
        sent[member.name] = random.pick(Self.some(member.value))
      }
      let event = try decode(Sample.event(sent)).events[0]
      var stored = try #require(try JSONSerialization.jsonObject(with: Data(event.digestInput)) as? [String: Any])
      for (name, text) in sent {
        let value = try text.map { try JSONSerialization.jsonObject(with: Data($0.utf8), options: .fragmentsAllowed) }
        #expect(stored[name] as? NSObject == value as? NSObject, "\(name)")
      }
      #expect(stored.count == 5 + sent.values.count { $0 != nil })
      stored["timestamp"] = "2026-11-24T10:00:00.123Z"
      stored["template"] = nil
      let again = try TrackBody.decode(Array(JSONSerialization.data(withJSONObject: stored)), now: Sample.now)
      #expect(again.events[0] == event)
    }
  }

  /// Values that are allowed, each another, as JSON.
  private static func some(_ value: TrackValue) -> [String] {
    switch value {
    case .label: [#""acme""#, #""Acme""#, #""é\"\\😀""#, #"" a b ""#, #""=1+1""#]
    case .integer(let range): ["\(range.lowerBound)", "1893", "\(range.upperBound)"]
    case .number(let most): ["0", "0.5", "12.000001", "\(most)"]
    case .text, .time, .uuid, .sender, .events: []
    }
  }

  /// All that may be absent, and as much of it as may be.
  private static let most: [String: String?] = Dictionary(
    uniqueKeysWithValues: optional.map { member in
      let text =
        switch member.value {
        case .text(let lengths, _): "\"\(String(repeating: "x", count: lengths.upperBound))\""
        case .label(let most): "\"\(String(repeating: "😀", count: most))\""
        case .integer(let range): "\(range.upperBound)"
        case .number(let most): "\(most)"
        case .time: #""2026-11-24T10:00:00.123Z""#
        case .uuid: "\"\(Sample.id)\""
        case .sender, .events: ""
        }
      return (member.name, text)
    })

  private static func wrong(_ value: TrackValue) -> [String] {
    let beyond =
      switch value {
      case .text(let lengths, _):
        [lengths.lowerBound - 1, lengths.upperBound + 1].map { "\"\(String(repeating: "x", count: $0))\"" }
          + [#""\u0000""#]
      case .label(let most):
        [
          #""""#, #""  ""#, "\"\(String(repeating: "x", count: most + 1))\"",
          "\"\(String(repeating: "é", count: most + 1))\"",
          #""\u0000""#, #""a\nb""#, #""\u001b[2J""#, "\"a\u{7F}\"", "\"a\u{202E}b\"", #""\u2028""#,
        ]
      case .integer(let range):
        ["\(range.lowerBound - 1)", "\(range.upperBound + 1)", "1.5", "1e2", "-0", "99999999999999999999"]
      case .number(let most): ["-1", "\(most + 1)"]
      case .time, .uuid: [#""""#, #""x""#]
      case .sender, .events: [String]()
      }
    return beyond + ["{}", "[1]", "true"]
  }
}
