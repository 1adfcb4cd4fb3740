import Foundation
import TestDatabase
import Testing

@testable import Domain

@Suite struct TrackBodyFuzzTests {
  static let body =
    #"{"api_key":"k","batch_id":"\#(Sample.id)","sender":{"id":"\#(Sample.id)","sequence":7,"dropped":0},"events":[\#(Sample.event(["x": #"[1,-2.5e3,{"é😀":"\ud83d\ude00\n"},true,null]"#])),\#(Sample.event(more))]}"#
  private static let more: [String: String?] = [
    "consumer": #""acme é""#, "request_bytes": "17", "response_bytes": "1893", "release": #""2026-11-24.3""#,
    "error": #""Timeout\u0020Error""#,
  ]

  @Test func aBodyCutAnywhereIsMalformedAtTheCut() throws {
    let bytes = Array(Self.body.utf8)
    for count in 0..<bytes.count {
      let error = try #require(throws: TrackBodyError.self) { try TrackBody.decode(Array(bytes[..<count]), now: 0) }
      guard case .malformed(let place, _, _) = error else { Issue.record("\(count): \(error)"); continue }
      #expect(place.offset <= count && place.offset + 6 >= count)
    }
    #expect(try TrackBody.decode(bytes, now: 0).events.count == 2)
  }

  /// Debug builds check every access to the bytes, so that reading beyond them would crash here.
  @Test func mutatedBodiesNeverCrashAndStayWithinTheirBytes() {
    var random = SplitMix(seed: 11)
    let original = Array(Self.body.utf8)
    let pieces = [#"\u"#, "\"", "{", "}", "[", "]", ",", ":", "\\", "0", "-", "e", "\u{0}", "é", "null"].map {
      Array($0.utf8)
    }
    for _ in 0..<2_000 {
      var bytes = original
      for _ in 0...random.below(4) {
        let place = random.below(bytes.count)
        switch random.below(4) {
        case 0: bytes[place] = UInt8(random.below(256))
        case 1: bytes.insert(contentsOf: random.pick(pieces), at: place)
        case 2: bytes.removeSubrange(place..<min(place + random.below(9), bytes.count))
        default: bytes.replaceSubrange(place..<place, with: bytes[random.below(place + 1)..<place])
        }
        if bytes.isEmpty { bytes = [0x7B] }
      }
      do {
        let body = try TrackBody.decode(bytes, now: Sample.now)
        for event in body.events { #expect(isJSONIfValid(event)) }
      } catch {
        #expect(!error.found.isEmpty)
        if case .malformed(let place, _, _) = error { #expect(place.offset <= bytes.count) }
      }
    }
  }

  private func isJSONIfValid(_ event: TrackedEvent) -> Bool {
    if case .invalid = event.validity { return true }
    let value = try? JSONSerialization.jsonObject(with: Data(event.digestInput)) as? [String: Any]
    // Endpoint, template, method, status and timestamp, and what else of the members there is.
    return value.map { (5...11).contains($0.count) } ?? false
  }

  /// Foundation agrees on RFC 8259 except where we are told to differ: depth, numbers it cannot hold, flaws of strings.
  @Test func theScannerAcceptsWhatFoundationAccepts() {
    var random = SplitMix(seed: 5)
    var accepted = 0
    var refused = 0
    let noise = Array(#"{}[],:"\01.eE+-tfn u"#.utf8)
    for _ in 0..<4_000 {
      var bytes = Array(document(&random, depth: 4).utf8)
      if random.below(2) == 0 { bytes[random.below(bytes.count)] = random.pick(noise) }
      let ours = bytes.withUnsafeBufferPointer { bytes in
        var scanner = JSONScanner(bytes, maximumDepth: 32)
        scanner.skipSpace()
        do throws(JSONSyntaxError) {
          _ = try scanner.value()
          try scanner.end()
          return scanner.flaw == nil
        } catch { return false }
      }
      let theirs = (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
      if ours { accepted += 1 } else { refused += 1 }
      if ours != theirs { Issue.record("ours \(ours): \(String(decoding: bytes, as: UTF8.self))") }
    }
    #expect(accepted > 1_000 && refused > 1_000)
  }

  private func document(_ random: inout SplitMix, depth: Int) -> String {
    let space = random.pick(["", "", "", " ", "\n\t"])
    switch random.below(depth > 0 ? 7 : 5) {
    case 0: return random.pick(["0", "-0", "17", "-3.25", "1e5", "2.5E-3", "100", "1e+2"]) + space
    case 1: return random.pick(["true", "false", "null"]) + space
    case 2...4: return string(&random) + space
    case 5:
      let elements = (0..<random.below(4)).map { _ in document(&random, depth: depth - 1) }
      return "[" + space + elements.joined(separator: ",") + "]"
    default:
      // Distinct names: Foundation refuses a name twice, which RFC 8259 leaves open and we leave open for unknown ones.
      let members = (0..<random.below(4)).map {
        "\"\($0)\(space)a\"".filter { $0 != "\n" && $0 != "\t" } + ":" + document(&random, depth: depth - 1)
      }
      return "{" + members.joined(separator: "," + space) + "}"
    }
  }

  private func string(_ random: inout SplitMix) -> String {
    let pieces = ["a", "bc ", "é", "😀", "日本", #"\n"#, #"\""#, #"\\"#, #"\/"#, #"\u00e9"#, #"\ud83d\ude00"#, "01234567"]
    return "\"" + (0..<random.below(8)).map { _ in random.pick(pieces) }.joined() + "\""
  }

  @Test func aBodyOfFiveMegabytesIsRead() throws {
    let event = Sample.event(["endpoint": "\"/\(String(repeating: "a", count: 850))\""])
    let text = #"{"events":[\#(Array(repeating: event, count: 5_000).joined(separator: ","))]}"#
    #expect(text.utf8.count > 4_800_000)
    #expect(try decode(text).events.allSatisfy { if case .valid = $0.validity { true } else { false } })
  }
}
