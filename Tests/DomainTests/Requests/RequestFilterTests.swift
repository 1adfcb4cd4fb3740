import Foundation
import Testing

@testable import Domain

@Suite struct RequestFilterTests {
  private static let key = UUID()

  /// A request as the log has it.
  private struct Sample {
    var endpoint = ["/", "/a", "/a?b=1", "/a?b=2", "/users/7", "/users/8?x", "/ü\"", "/%41"]
    var time: Int64?
    var json: String

    init(_ random: inout SplitMix) {
      let path = random.pick(endpoint)
      time = random.pick([nil, 0, 999_999, 1_000_000, 7_500_000, 12_345_678_901])
      let members =
        [
          "\"endpoint\":\(String(decoding: JSONValue.string(path).bytes, as: UTF8.self))",
          "\"template\":\(String(decoding: JSONValue.string(PathTemplate.template(of: path)).bytes, as: UTF8.self))",
          "\"method\":\"\(random.pick(["GET", "POST", "DELETE"]))\"",
          "\"status_code\":\(random.pick([100, 200, 204, 301, 404, 429, 500, 599]))", "\"timestamp\":1700000000000",
        ] + (random.below(2) == 0 ? ["\"consumer\":\"c\(random.below(4))\""] : [])
        + (random.below(2) == 0 ? ["\"release\":\"r\(random.below(3))\""] : [])
        + (time.map { ["\"response_time_ms\":\(Double($0) / 1_000_000)"] } ?? [])
      json = "{" + members.joined(separator: ",") + "}"
    }
  }

  private static func filter(_ random: inout SplitMix) -> RequestFilter {
    var filter = RequestFilter()
    if random.below(4) == 0 {
      filter.endpoint = random.pick(["/a", "/a?b=1", "/users/{id}", "/users/7", "/a?{query}", "/nowhere"])
    }
    if random.below(4) == 0 { filter.template = random.pick(["/a", "/users/{id}", "/a?{query}"]) }
    if random.below(4) == 0 { filter.path = random.pick(["/a", "/users/8", "/ü\"", "/a?b=1"]) }
    if random.below(4) == 0 { filter.method = random.pick(["GET", "POST", "PUT"]) }
    if random.below(4) == 0 { filter.status = StatusFilter(random.pick(["404", "ok", "4xx,500", "1xx", "503,204"])) }
    if random.below(4) == 0 { filter.key = random.pick([Self.key, UUID()]) }
    if random.below(4) == 0 { filter.consumer = random.pick(["c0", "c1", "c9"]) }
    if random.below(4) == 0 { filter.release = random.pick(["r0", "r9"]) }
    if random.below(4) == 0 { filter.atLeast = random.pick([0, 1, 1_000_000, 7_500_000, 7_500_001]) }
    if random.below(4) == 0 { filter.atMost = random.pick([0, 7_500_000, 60_000_000_000]) }
    return filter
  }

  /// However small the signature: what it says is not there is not there.
  @Test(arguments: 0..<40) func aSignatureHidesNoMatch(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    var (matches, spared) = (0, 0)
    for _ in 0..<60 {
      let samples = (0..<(1 + random.below(9))).map { _ in Sample(&random) }
      let unit = Array("[\(samples.map(\.json).joined(separator: ", "))]".utf8)
      var draft = BatchPlaceDraft(quarter: Quarter.start(of: 1_700_000_000_000))
      var scratch: [UInt8] = []
      var position: Int64 = 10
      try unit.withUnsafeBufferPointer { bytes in
        try StoredRequest.read(bytes) { request in
          draft.add(request, at: position, key: .key(Self.key), &scratch)
          position += 1
          return true
        }
      }
      let place = draft.place(inBatch: 1_000)
      #expect([place.first, place.last, place.most] == [10, position - 1, Int64(samples.count)])
      for _ in 0..<20 {
        let matcher = RequestMatcher(Self.filter(&random))
        var found = 0
        try unit.withUnsafeBufferPointer { bytes in
          try StoredRequest.read(bytes) { request in
            if matcher.matches(request, key: Self.key) { found += 1 }
            return true
          }
        }
        matches += found
        if found > 0 { #expect(matcher.mayMatch(place)) } else if !matcher.mayMatch(place) { spared += 1 }
      }
    }
    #expect(matches > 0 && spared > 0)
  }

  @Test func whatNoneHasIsMostlyKnownNotToBeThere() {
    let traits = (0..<300).map { RequestTrait.path("/a/\($0)".utf8) }
    let signature = RequestSignature(of: traits + traits, requests: 500)
    #expect(traits.allSatisfy(signature.mayHold))
    let wrong = (300..<10_300).filter { signature.mayHold(.path("/a/\($0)".utf8)) }.count
    #expect(wrong < 400, "some 2.5 % are taken for others")
  }

  /// Of a single request nearly half of what it has not may be there for all that its signature says: errors are looked for most.
  @Test(arguments: [100, 204, 301, 404, 503, 599]) func aClassOfStatusesIsKnownExactly(status: Int) {
    let place = BatchPlace(
      batch: 1, first: 1, last: 1, count: 1, oldest: 0, newest: 0, slowest: 0, classes: StatusClasses(of: status),
      signature: RequestSignature(of: [.status(status)], requests: 9))
    for digit in 1...5 {
      var filter = RequestFilter()
      filter.status = StatusFilter("\(digit)xx")
      #expect(RequestMatcher(filter).mayMatch(place) == (status / 100 == digit))
    }
    for (text, holds) in [("ok", status < 400), ("4xx,599", 404...599 ~= status && status != 503)] {
      var filter = RequestFilter()
      filter.status = StatusFilter(text)
      #expect(RequestMatcher(filter).mayMatch(place) == holds, "\(text)")
    }
  }

  @Test(
    arguments: [
      ("404", [404], [403, 405]), ("4xx", [400, 499], [399, 500]), ("ok", [100, 200, 399], [400]),
      ("404,5xx,ok", [404, 503, 201], [403]), ("100,599", [100, 599], [101]),
    ] as [(String, [Int], [Int])])
  func statusesAreExactOrAClassOrSeveral(text: String, holds: [Int], not: [Int]) throws {
    let filter = try #require(StatusFilter(text))
    #expect(holds.allSatisfy(filter.contains))
    #expect(!not.contains(where: filter.contains))
  }

  @Test(arguments: ["", ",", "404,", "6xx", "0xx", "099", "600", "4x", "4XX", "+404", "40４", "ok ", "4xxx"])
  func whatIsNoStatusIsRefused(text: String) { #expect(StatusFilter(text) == nil) }

  @Test(
    arguments: [
      ("0", 0), ("250", 250_000_000), ("0.5", 500_000), ("1.000001", 1_000_001),
      ("9999999999.999999", 9_999_999_999_999_999),
    ])
  func millisecondsAreReadExactly(text: String, nanoseconds: Int64) {
    #expect(RequestFilter.nanoseconds(ofMilliseconds: text) == nanoseconds)
  }

  @Test(arguments: ["", ".", "1.", ".5", "-1", "1e3", "1.0000001", "99999999999", "1.2.3", "１"])
  func whatIsNoNumberOfMillisecondsIsRefused(text: String) {
    #expect(RequestFilter.nanoseconds(ofMilliseconds: text) == nil)
  }
}
