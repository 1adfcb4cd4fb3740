import Application
import Domain
import Foundation
import HTTPTypes
import TestDatabase
import Testing

@testable import Server

/// From a list of requests to one, and its proof.
@Suite struct RequestPageTests {
  @Test func followingOlderRequestsShowsEachOnce() async throws {
    try await Service.analysing { shop in
      try await shop.track((0..<120).map { EventText(shop.service.clock, after: -60 - Double($0)) })
      var (next, seen) = ("\(shop.path)/requests" as String?, [String]())
      while let uri = next, seen.count < 1_000 {
        let page = try await shop.browser.get(uri).text
        seen += page.matches(of: /\/events\/(\d+)"/).map { String($0.output.1) }
        next = page.links("Older requests").first
      }
      #expect(seen.count == 120 && Set(seen).count == 120)
    }
  }

  @Test func aListIsWhatTheAPIFindsUnderTheSameFilters() async throws {
    try await Service.analysing { shop in
      try await shop.track((0..<9).map { EventText(shop.service.clock).with("status_code", $0 < 4 ? "404" : "200") })
      let found = try await shop.page("?status=4xx&format=json", "/requests")
      #expect(found["requests"].elements.count == 4 && found["is_complete"] == .bool(true))
      let page = try await shop.page("?status=4xx", "/requests").text
      for request in found["requests"].elements {
        #expect(page.contains("/events/\(request["position"].integer)\""))
      }
      #expect(page.contains("status: 4xx"))
      let csv = try await shop.page("?status=4xx&format=csv", "/requests").text.csv
      #expect(csv.count == 5 && csv[1][4] == "404")
      #expect(try await shop.page("?status=418", "/requests").text.contains("None found"))
    }
  }

  @Test func aSearchThatStopsEarlySaysHowFarItCame() {
    let moment = "2026-11-21 16:02:11"
    #expect(RequestListView.stopped(nil, at: moment) == nil)
    for stop in RequestPage.Stop.allCases {
      #expect(RequestListView.stopped(stop, at: moment)?.contains("Searched back to \(moment)") == true)
    }
  }

  @Test func aRequestIsShownWholeWithTheAPIsCommands() async throws {
    try await Service.analysing { shop in
      let long = String(repeating: "long", count: 250)
      try await shop.track([
        EventText(shop.service.clock).with("endpoint", "\"/v2/<img src=x onerror=alert(1)>/\(long)\"")
          .with("consumer", "\"<b>acme\"").with("release", "\"2.0\"").with("error", "\"Timeout\"")
          .with("response_time_ms", "12.345678")
      ])
      let position = try await shop.api("requests")["requests"][0]["position"].integer
      let page = try await shop.page("", "/events/\(position)").text
      let api = try await shop.api("events/\(position)")
      #expect(page.contains("&lt;img src=x onerror=alert(1)&gt;/\(long)") && !page.contains("<img"))
      #expect(page.contains("12.345678 ms") && page.contains("Timeout") && page.contains("&lt;b&gt;acme"))
      for name in ["hash", "previous_hash"] {
        #expect(page.contains(try #require(api["batch"][name].string)), "\(name)")
      }
      for command in api["verify"].elements { #expect(page.unescaped.contains(try #require(command.string))) }
      for other in ["0", "99999", "-1", "01", "x"] {
        #expect(try await shop.page("", "/events/\(other)").status == 404, "\(other)")
      }
    }
  }

  @Test func theProofOfAFigureIsTheAPIsExplanation() async throws {
    try await Service.analysing { shop in
      try await shop.track((0..<7).map { _ in EventText(shop.service.clock) })
      #expect(try await shop.service.track("{\"endpoint\": 1}", key: shop.key).status == 400)
      try await shop.service.catchUp()
      // The log tells receipt by a clock of its own.
      let clock = shop.service.clock
      let page = try await shop.page("?from=\(clock.time(-15 * 86_400))&to=\(clock.time(20 * 86_400))").text
      let why = try #require(page.firstMatch(of: /class="why" href="([^"]*)"/)?.output.1)
      let proof = try await shop.browser.get(String(why).unescaped).text
      let plain = proof.replacing(/<[^>]*>/, with: "")
      #expect(plain.contains("7 calls = 7 recorded − 0 voided"))
      #expect(plain.contains("8 received = 7 accepted + 0 duplicates + 0 refused + 1 invalid"))
      #expect(plain.contains("1 invalid: a member is missing"))
      let json = try await shop.page("?format=json", "/explain")
      #expect(json["calls"] == 7 && json["recorded"] == 7)
      let day = String(shop.service.clock.time(-86_400).prefix(10))
      let known = try await shop.page("?known_on=\(day)", "/explain")
      let place = try #require(known.headers[.location])
      #expect(known.status == 303 && place.contains("known_at="))
      let then = try await shop.browser.get(place).text.replacing(/<[^>]*>/, with: "")
      #expect(then.contains("This period had 0 calls"))
    }
  }

  @Test func thePageOfAFigureSaysWhichCallsItIsOf() async throws {
    try await Service.analysing { shop in
      for figure in Figure.allCases {
        let page = try await shop.page("?figure=\(figure.rawValue)", "/explain")
        #expect(page.status == 200 && page.text.contains(figure.label), "\(figure)")
      }
    }
  }
}
