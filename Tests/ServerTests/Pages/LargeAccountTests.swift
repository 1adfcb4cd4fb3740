import Application
import Domain
import EventLog
import Foundation
import TestDatabase
import Testing

/// Pages of an account that has grown, and of one that has nothing yet.
@Suite struct LargeAccountTests {
  /// A customer of many years finds each project that they ever had, and no page grows with their number.
  @Test func fiveHundredProjectsAreListedPageByPageEachOnce() async throws {
    try await Service.with { service in
      let (person, browser) = try await service.browsing()
      try await service.catchUp()
      let account = try #require(UUID(uuidString: try await browser.get("/projects").text.hidden("account")))
      let commands = ProjectCommands(log: service.test.log, changes: nil, clock: service.clock)
      let actor = Actor(userID: person.id, origin: Origin(actorID: person.id))
      for number in 1...500 {
        // No tier has room for as many at a time.
        let id = UUID()
        _ = try await commands.create(id, named: "service \(number)", in: account, by: actor)
        if number < 500 { _ = try await commands.archive(id, in: account, by: actor) }
      }
      try await service.catchUp()
      let archived = try await browser.walk("/projects?archived=yes", matching: />service (\d+)</)
      #expect(archived.count == 499 && Set(archived).count == 499, "\(archived.count)")
      #expect(try await browser.walk("/projects", matching: />service (\d+)</) == ["500"])
      let home = try await browser.get("/home")
      #expect(home.status == 200 && home.text.utf8.count < 60_000, "\(home.text.utf8.count)")
    }
  }

  /// An API of thousands of endpoints has a page that opens, and a table in which each is found.
  @Test func fiveThousandEndpointsAreListedPageByPageEachOnce() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      let grant = GrantAccount(log: service.test.log, clock: service.clock)
      try await grant(
        AccountGrant(tier: .business), to: try #require(UUID(uuidString: shop.account)), because: "many endpoints")
      try await service.catchUp()
      let events = (0..<5_000).map { EventText(service.clock, after: -30).with("endpoint", "\"/of/\(Self.word($0))\"") }
      try await shop.track(service, events)
      try await service.catchUp()
      let page = try await shop.browser.get("/projects/\(shop.project)")
      #expect(page.text.tile("Calls") == "5,000" && page.text.utf8.count < 60_000, "\(page.text.utf8.count)")
      let found = try await shop.browser.walk(
        "/projects/\(shop.project)?table=endpoints", matching: /\/of\/thing-([a-j]{4})<\/a>/)
      #expect(found.count == 5_000 && Set(found).count == 5_000, "\(found.count), \(Set(found).count)")
      let one = try await shop.browser.get("/projects/\(shop.project)?search=\(Self.word(4_711))").text
      #expect(one.contains("/of/\(Self.word(4_711))<") && !one.contains("/of/\(Self.word(4_712))<"))
    }
  }

  /// What is no id: four letters for the digits of a number.
  private static func word(_ number: Int) -> String {
    let letters = Array("abcdefghij")
    return "thing-" + String([1_000, 100, 10, 1].map { letters[number / $0 % 10] })
  }

  /// Somebody who looks at a month without a call is not told that nothing went wrong: there was nothing.
  @Test func aMonthWithoutACallHasDashesAndNoRates() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      let home = try await shop.browser.get("/home").text
      #expect(home.tile("Calls") == "0" && home.tile("5xx") == "–" && home.tile("4xx") == "–", "\(home)")
      let page = try await shop.browser.get("/projects/\(shop.project)?period=month").text
      #expect(page.tile("Calls") == "0" && page.tile("5xx rate") == "–" && page.tile("p95") == "–", "\(page)")
      let month = try await shop.browser.get("/billing/\(service.clock.month())")
      #expect(month.status == 200 && month.text.contains("<strong>0</strong> of 1,000"), "\(month.text)")
    }
  }

  /// Digits are grouped however many there are: a number that is misread is paid for.
  @Test func aNumberOfTwelveZerosIsWrittenOutWhole() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      let grant = GrantAccount(log: service.test.log, clock: service.clock)
      try await grant(
        AccountGrant(monthlyQuota: 1_000_000_000_000), to: try #require(UUID(uuidString: shop.account)),
        because: "a very large API")
      try await service.catchUp()
      #expect(try await shop.browser.get("/home").text.contains("of 1,000,000,000,000"))
      #expect(try await shop.browser.get("/billing").text.contains("1,000,000,000,000"))
    }
  }
}

extension Browser {
  /// What a pattern finds on a page and on all that its links to the next lead to.
  fileprivate func walk(_ path: String, matching pattern: Regex<(Substring, Substring)>) async throws -> [String] {
    var (next, found) = (Optional(path), [String]())
    while let path = next, found.count < 10_000 {
      let page = try await get(path)
      #expect(page.status == 200, "\(path): \(page.text)")
      found += page.text.matches(of: pattern).map { String($0.output.1) }
      next = page.text.firstMatch(of: /<a href="([^"]*)">(?:Older projects|More)</).map {
        String($0.output.1).replacing("&amp;", with: "&")
      }
    }
    return found
  }
}
