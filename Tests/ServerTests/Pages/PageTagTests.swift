import Foundation
import Postgres
import TestDatabase
import Testing

/// Whoever has a page is told that it is what it was without its being made: what decides it is known before.
@Suite struct PageTagTests {
  @Test(.timeLimit(.whatHangs)) func whoHasAPageIsToldSoWithoutAQuestionToItsNumbers() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      try await shop.track(service, (1...3).map { EventText(service.clock, after: -60 * Double($0)) })
      try await service.catchUp()
      try await service.settled(seenBy: shop.browser)
      let paths = ["", "?compare=weekday", "?status=2xx", "?table=endpoints", "/requests", "/requests?status=2xx"]
      let pages = ["/home"] + paths.map { "/projects/\(shop.project)\($0)" }
      var tags: [String: String] = [:]
      for page in pages {
        let answer = try await shop.browser.get(page)
        #expect(answer.status == 200, "\(page): \(answer.text)")
        let tag = try #require(answer.header("ETag"))
        tags[page] = tag
      }
      let made = try await service.test.owner.transaction { [tags] connection in
        // What any answer about traffic and requests is made of.
        try await connection.query("LOCK TABLE traffic.days, requests.batches IN ACCESS EXCLUSIVE MODE")
        for (page, tag) in tags {
          let again = try await shop.browser.get(page, having: tag)
          #expect(again.status == 304 && again.text.isEmpty && again.header("ETag") == tag, "\(page): \(again.status)")
          #expect(again.header("Cache-Control") == "private, no-cache", "\(page)")
          #expect(again.header("Vary") == "Accept-Encoding, Cookie", "\(page)")
          #expect(again.header("Content-Security-Policy")?.contains("default-src 'none'") == true, "\(page)")
        }
        let made = Task { try await shop.browser.get("/home").status }
        try await service.eventually("a page that is made waits for its numbers") { try await service.waiting() > 0 }
        return made
      }
      #expect(try await made.value == 200)
    }
  }

  @Test func aTagIsGoodAtEveryServer() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      try await shop.track(service, [EventText(service.clock)])
      try await service.catchUp()
      try await service.settled(seenBy: shop.browser)
      let pages = ["/home", "/projects/\(shop.project)"]
      var tags: [String] = []
      for page in pages { tags.append(try #require(try await shop.browser.get(page).header("ETag"))) }
      try await service.elsewhere { [tags] other in
        let browser = Browser(other)
        await browser.show(await shop.browser.cookies)
        for (page, tag) in zip(pages, tags) {
          let answer = try await browser.get(page, having: tag)
          #expect(answer.status == 304, "\(page)")
        }
      }
    }
  }

  /// Each alone makes it another page, or none.
  @Test func whatIsShownOtherwiseIsSentAgain() async throws {
    try await Service.with { service in
      let (owner, browser) = try await service.browsing()
      let shop = try await service.shop(of: owner, in: browser)
      try await shop.track(service, [EventText(service.clock)])
      try await service.catchUp()
      try await service.settled(seenBy: browser)
      let pages = ["/home", "/projects/\(shop.project)", "/projects/\(shop.project)/requests"]
      func expectSentAgain(_ what: String, _ happens: () async throws -> Void) async throws {
        var tags: [String: String] = [:]
        for page in pages {
          let tag = try #require(try await browser.get(page).header("ETag"), "\(page)")
          tags[page] = tag
        }
        for (page, tag) in tags { #expect(try await browser.get(page, having: tag).status == 304, "before \(what)") }
        try await happens()
        for (page, tag) in tags { #expect(try await browser.get(page, having: tag).status != 304, "\(what): \(page)") }
      }
      // The log is ahead, which the pages say.
      try await expectSentAgain("requests came") { try await shop.track(service, [EventText(service.clock)]) }
      try await expectSentAgain("they were counted") { try await service.catchUp() }
      try await expectSentAgain("a theme") { _ = try await browser.post("/settings/theme", ["theme": "dark"]) }
      try await expectSentAgain("a zone") {
        _ = try await browser.post("/settings/profile", ["name": "", "time_zone": "Asia/Kolkata"])
      }
      try await expectSentAgain("a quarter of an hour") { service.clock.advance(seconds: 900) }
      try await expectSentAgain("another log-in") {
        _ = try await browser.post("/log-out")
        _ = try await browser.post("/log-in", ["email": owner.email, "password": owner.password])
      }
      try await expectSentAgain("a log-out") { _ = try await browser.post("/log-out") }
    }
  }

  @Test func whatIsShownOnceIsNoPageToComeBackTo() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      try await service.settled(seenBy: shop.browser)
      let page = "/projects/\(shop.project)"
      let plain = try #require(try await shop.browser.get(page).header("ETag"))
      let saved = try await shop.browser.get("\(page)?done=saved", having: plain)
      #expect(saved.status == 200 && saved.text.contains("Saved.") && saved.header("ETag") != plain)
    }
  }

  /// A tag says what somebody was shown, not that there is anything for whoever brings it.
  @Test func aTagIsNoRightToAPageAndAnyTagIsNone() async throws {
    try await Service.with { service in
      let (shop, other) = (try await service.shop(), try await service.shop())
      try await service.settled(seenBy: shop.browser)
      for page in ["/home?account=\(shop.account)", "/projects/\(shop.project)"] {
        let tag = try #require(try await shop.browser.get(page).header("ETag"))
        for brought in [tag, "*"] {
          #expect(try await other.browser.get(page, having: brought).status == 404, "\(page)")
          #expect(try await Browser(service).get(page, having: brought).status == 303, "\(page)")
        }
      }
    }
  }
}

/// The same of anything that may happen, in any order: whoever is told that a page is what it was would be shown it, byte for byte.
@Suite struct PageTagWalkTests {
  @Test(.timeLimit(.whatHangs), arguments: 1...3) func noPageIsToldToBeWhatItIsNot(seed: Int) async throws {
    try await Service.with { service in
      var walk = try await PageTagWalk(service, seed: seed)
      for _ in 0..<50 {
        try await walk.go()
        for _ in 0..<3 { try await walk.look() }
      }
    }
  }
}
