import Application
import Domain
import Foundation
import HTTPTypes
import TestDatabase
import Testing

@testable import Server

/// What keys click is there, whether a script makes them work or not.
@Suite struct KeyboardTests {
  /// Where the link leads that a key clicks; nil where there is none.
  private func place(_ key: String, _ page: String) throws -> String? {
    let link = try Regex("<a [^>]*href=\"([^\"]*)\"[^>]*data-key=\"\(key)\"")
    return page.firstMatch(of: link)?.output[1].substring.map { String($0).unescaped }
  }

  @Test func everyPeriodTheComparisonAndTheFiltersHaveAKey() async throws {
    try await Service.analysing { shop in
      try await shop.track([EventText(shop.service.clock)])
      let page = try await shop.page("?status=200").text
      for (key, query) in [("d", "period=24h"), ("t", "period=30d"), ("m", "period=month"), ("ArrowLeft", "from=")] {
        #expect(try place(key, page)?.contains(query) == true, "\(key)")
      }
      #expect(try place("w", page) == "\(shop.path)?status=200")
      #expect(try place("Escape", page) == shop.path && page.contains("id=\"search\" data-key=\"/\""))
      #expect(try place("ArrowRight", page) == nil, "there is nothing after now")
      let compared = try #require(try place("x", page))
      #expect(compared.contains("compare=weekday"))
      let back = try #require(try place("x", try await shop.browser.get(compared).text))
      #expect(back == "\(shop.path)?status=200")
    }
  }

  @Test func aDigitLeadsToTheSameProjectFromEveryPage() async throws {
    try await Service.with { service in
      let (browser, first) = try await service.browsing(project: "shop")
      let account = try #require(UUID(uuidString: try await browser.get("/projects").text.hidden("account")))
      try await GrantAccount(log: service.test.log, clock: service.clock)(
        AccountGrant(tier: .pro), to: account, because: "room for two")
      try await service.catchUp()
      // Two that are made in the same millisecond have no order that anybody could tell.
      service.clock.advance(seconds: 1)
      let page = try await browser.get("/projects").text
      let made = try await browser.post(
        "/projects", ["account": try page.hidden("account"), "once": try page.hidden("once"), "name": "another"])
      try await service.catchUp()
      #expect(made.status == 303, "\(made.text)")
      let second = try #require(made.headers[.location]?.split(separator: "/").dropFirst().first.map(String.init))
      for path in ["/home", "/projects", "/projects/\(first)", "/projects/\(second)?period=30d"] {
        let page = try await browser.get(path).text
        #expect(try place("1", page)?.hasPrefix("/projects/\(second)") == true, "\(path)")
        #expect(try place("2", page)?.hasPrefix("/projects/\(first)") == true, "\(path)")
      }
      let month = try await browser.get("/projects/\(second)?period=30d").text
      #expect(try place("2", month)?.contains("period=30d") == true)
    }
  }

  @Test func aCommandHasTheIdsOfWhoeverIsLoggedInAndAFieldForTheirKeyThatIsSentNowhere() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      let own = try await shop.browser.get("/docs/summary").text
      #expect(own.contains("/projects/\(shop.project)/summary") && own.contains("YOUR_KEY"))
      let field = try #require(own.firstMatch(of: /<input id="own-key"[^>]*>/)?.output)
      #expect(field.contains("data-fills=\"YOUR_KEY\"") && field.contains("autocomplete=\"off\""))
      #expect(!field.contains("name="))
      #expect(try await shop.browser.get("/docs/createProject").text.contains("/accounts/\(shop.account)/projects"))
      let foreign = try await Browser(service).get("/docs/summary").text
      #expect(foreign.contains("YOUR_PROJECT_ID") && !foreign.contains(shop.project))
    }
  }
}
