import Domain
import Foundation
import HTTPTypes
import TestDatabase
import Testing

@testable import Server

/// What changed most against the same weekday.
@Suite struct MoverTests {
  private static let week = -7.0 * 86_400

  private func track(
    _ shop: Shop, _ service: Service, _ path: String, _ count: Int, after seconds: Double, status: String = "200"
  ) async throws {
    let event = EventText(service.clock, after: seconds).with("endpoint", "\"/v2/\(path)\"").with("status_code", status)
    try await shop.track(service, [EventText](repeating: event, count: count))
  }

  @Test func homeShowsTheLargestChangesInCallsAndErrorsEndpointsThatFellSilentAmongThem() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      try await track(shop, service, "orders", 12, after: Self.week - 3_600)
      try await track(shop, service, "orders", 3, after: -3_600)
      try await track(shop, service, "baskets", 7, after: Self.week - 3_600)
      try await track(shop, service, "baskets", 7, after: -3_600, status: "503")
      try await track(shop, service, "silent", 5, after: Self.week - 3_600)
      try await track(shop, service, "fresh", 2, after: -3_600)
      try await track(shop, service, "steady", 4, after: Self.week - 3_600)
      try await track(shop, service, "steady", 4, after: -3_600)
      // After the hour that it is now.
      try await track(shop, service, "later", 40, after: Self.week + 3_600)
      try await service.catchUp()
      let page = try await shop.browser.get("/home").text
      let part = try #require(page.between("What changed most", "</table>"))
      let rows = part.matches(of: /<code>GET \/v2\/(\w+)<\/code>.*?<\/tr>/).map {
        (String($0.output.1), String($0.output.0))
      }
      #expect(rows.map(\.0) == ["orders", "baskets", "silent", "fresh"], "\(part)")
      func cells(_ row: String) -> [String] {
        row.matches(of: /<td class="number[^"]*">([^<]*)<\/td>/).map { String($0.output.1) }
      }
      #expect(cells(rows[0].1) == ["3", "12", "−75 %", "0", "0"])
      #expect(cells(rows[1].1) == ["7", "7", "±0 %", "7", "0"] && rows[1].1.contains("number bad"))
      #expect(cells(rows[2].1) == ["0", "5", "−100 %", "0", "0"])
      #expect(cells(rows[3].1) == ["2", "0", "new", "0", "0"])

      // As the API answers it.
      let clock = service.clock
      let midnight = clock.time().prefix(10) + "T00:00:00Z"
      let other = clock.time(Self.week).prefix(10) + "T00:00:00Z"
      let api = try await service.get(
        "/api/v1/projects/\(shop.project)/endpoints?from=\(midnight)&to=\(clock.time())&compare_from=\(other)&compare_to=\(clock.time(Self.week))",
        key: shop.key)
      let orders = try #require(api["endpoints"].elements.first { $0["template"] == "/v2/orders" }, "\(api)")
      #expect(orders["total_calls"] == 3 && orders["comparison"]["total_calls"] == 12)
    }
  }

  @Test func whereNothingChangedNothingIsShown() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      for seconds in [Self.week - 3_600, -3_600] { try await track(shop, service, "steady", 4, after: seconds) }
      try await service.catchUp()
      #expect(try await shop.browser.get("/home").text.contains("What changed most") == false)
    }
  }

  @Test func anEndpointThatIsNoLongerCalledIsNamedOnItsProjectsPage() async throws {
    try await Service.analysing { shop in
      let clock = shop.service.clock
      func event(_ path: String, _ seconds: Double) -> EventText {
        EventText(clock, after: seconds).with("endpoint", "\"/v2/\(path)\"")
      }
      let before = -3.0 * 86_400
      try await shop.track(
        [event("orders", -60), event("orders", before)] + [EventText](repeating: event("old", before), count: 3))
      let page = try await shop.page("?period=24h").text
      let part = try #require(page.between("No longer called</h2>", "</section>"))
      #expect(part.contains("/v2/old</a></th><td class=\"number\">3</td>") && !part.contains("/v2/orders"), "\(part)")
      #expect(part.contains("Of the 100 endpoints called most"))
      let link = try #require(part.links("GET /v2/old").first)
      #expect(try await shop.browser.get(link).text.figure("Calls") == "3")
      // Under a filter it would take the log; and in a week both were called.
      for query in ["?period=24h&status=200", ""] {
        #expect(try await shop.page(query).text.contains("No longer called") == false, "\(query)")
      }
    }
  }
}

extension String {
  /// What stands after a text, up to another; nil where the first is not there.
  fileprivate func between(_ start: String, _ end: String) -> String? {
    guard let start = range(of: start)?.upperBound else { return nil }
    return String(self[start..<(range(of: end, range: start..<endIndex)?.lowerBound ?? endIndex)])
  }
}
