import Domain
import Foundation
import HTTPTypes
import TestDatabase
import Testing

@testable import Application
@testable import Server

/// What somebody sees first.
@Suite struct HomePageTests {
  /// Whoever leaves it open, or comes back, is sent it again when there is something new, not each second.
  @Test func thePageIsWhatItWasWhileNothingHappens() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      try await shop.track(service, (1...9).map { EventText(service.clock, after: -86_400 * Double($0)) })
      try await service.catchUp()
      var tags: [String?] = []
      for _ in 0..<4 {
        let page = try await shop.browser.get("/home")
        #expect(page.text.contains("At the month's end"), "\(page.text)")
        tags.append(page.header("ETag"))
        service.clock.advance(seconds: 2)
      }
      // The clock may come to another quarter of an hour once.
      #expect(Set(tags).count <= 2 && !tags.contains(nil), "\(tags)")
    }
  }

  @Test func anEmptyAccountIsLedToItsFirstEventStepByStep() async throws {
    try await Service.with { service in
      let (_, browser) = try await service.browsing()
      try await service.catchUp()
      let empty = try await browser.get("/home").text
      #expect(empty.contains("Three steps") && empty.contains("href=\"/projects?account=") && !empty.contains("(done)"))
      let shop = try await service.shop()
      let ready = try await shop.browser.get("/home").text
      #expect(ready.components(separatedBy: "(done)").count == 3)
      #expect(ready.contains("href=\"/projects/\(shop.project)/first-event\""))
      try await shop.track(service, [EventText(service.clock)])
      try await service.catchUp()
      #expect(try await shop.browser.get("/home").text.contains("Three steps") == false)
    }
  }

  @Test func whatNobodyHasBuiltYetIsSaidAndTheRestIsShown() async throws {
    try await Service.with { service in
      let (_, browser) = try await service.browsing(knowing: ["directory", "people"])
      for path in ["/projects", "/home", "/billing", "/billing/\(service.clock.month())"] {
        let page = try await browser.get(path)
        #expect(page.status == 200, "\(path): \(page.text)")
        guard path != "/projects" else { continue }
        #expect(page.text.contains("nobody has built the read model"), "\(path): \(page.text)")
      }
      try await service.catchUp()
      #expect(try await browser.get("/home").text.contains("nobody has built") == false)
    }
  }

  @Test func aReadModelThatIsBehindSaysByHowMuch() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      try await shop.track(service, [EventText](repeating: EventText(service.clock), count: 7))
      let home = try await shop.browser.get("/home").text
      // What is noted beside the requests, such as that a key was used, comes on top.
      let ahead = home.firstMatch(of: /The log is (\d+) events ahead/).flatMap { Int($0.output.1) }
      #expect(try #require(ahead, "\(home)") >= 7)
    }
  }

  @Test func aKeyThatEndsSoonIsShown() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      let page = try await shop.browser.get("/home").text
      #expect(page.contains("Keys that end within 14 days") && page.contains("Rotate it on its page"))
      service.clock.advance(seconds: 11 * 86_400)
      #expect(try await shop.browser.get("/home").text.contains("Keys that end") == false)
    }
  }

  @Test func hostileTextIsShownAsText() async throws {
    try await Service.with { service in
      let shop = try await service.shop(named: "</title><script>alert(1)</script>")
      let path = #""/<img src=x onerror=alert(1)>/\u202e""#
      try await shop.track(service, [EventText(service.clock).with("endpoint", path)])
      try await service.catchUp()
      for page in ["/home", "/billing/\(service.clock.month())", "/billing/\(service.clock.month())/statement"] {
        let text = try await shop.browser.get(page).text
        #expect(!text.contains("<script>") && !text.contains("<img") && !text.contains("\u{202E}"), "\(page)")
        #expect(text.contains("&lt;script&gt;"), "\(page)")
      }
    }
  }

  @Test func aMonthIsShownByItsAddressAndOneThatCannotBeIsRefused() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      try await shop.track(service, [EventText](repeating: EventText(service.clock, after: -20 * 86_400), count: 6))
      try await shop.track(service, [EventText(service.clock)])
      try await service.catchUp()
      let before = try await shop.browser.get("/home?month=\(service.clock.month(-20 * 86_400))").text
      #expect(before.tile("Calls") == "6" && !before.contains("if it goes on like this"))
      #expect(try await shop.browser.get("/home").text.tile("Calls") == "1")
      for month in ["2001-01", "2999-01", "x", "%3Cscript%3E"] {
        for path in ["/home?month=\(month)", "/billing/\(month)"] {
          #expect(try await shop.browser.get(path).status == 400, "\(path)")
        }
      }
    }
  }

  @Test func todayStandsBesideTheSameHoursOfTheWeekdayBefore() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      let week = -7.0 * 86_400
      try await shop.track(service, [EventText](repeating: EventText(service.clock, after: week - 3_600), count: 4))
      // After the hour that it is now: no part of what today is compared with.
      try await shop.track(service, [EventText](repeating: EventText(service.clock, after: week + 3_600), count: 9))
      try await shop.track(service, [EventText](repeating: EventText(service.clock, after: -3_600), count: 6))
      try await service.catchUp()
      let page = try await shop.browser.get("/home").text
      #expect(page.contains("<strong>6</strong> calls <span class=\"pill\">+50 %</span>"), "\(page)")
      #expect(page.contains("4 by then"))
    }
  }

  @Test func anotherAccountIsChosenByItsAddressAndAForeignOneIsNotThere() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      let other = try await service.shop()
      #expect(try await shop.browser.get("/home?account=\(shop.account)").status == 200)
      for path in [
        "/home", "/billing", "/billing/\(service.clock.month())", "/billing/\(service.clock.month())/statement",
      ] {
        #expect(try await shop.browser.get("\(path)?account=\(other.account)").status == 404, "\(path)")
      }
    }
  }
}

/// What a month will have used at its end.
@Suite struct MonthPaceTests {
  private func usage(_ used: Int64, quota: Int64) -> MonthUsage {
    MonthUsage(
      used: used, calls: used, voided: 0, givenBack: 0, quota: quota, refused: 0, thresholdReachedAt: nil,
      exceededAt: nil)
  }

  /// Noon of the 17th of a month of 30 days: thirteen days and a half are left.
  private let now = Instant(day: 20_774) + .hours(12)

  @Test func itLiesBetweenTheTwoPaces() throws {
    let weeks = HomeAnswers.Weeks(last: 700, before: 1_400)
    let pace = try #require(MonthPace(usage(2_000, quota: 50_000), weeks, opened: .epoch, now: now))
    #expect(CalendarMonth(of: now).description == "2026-11" && now.parts.day == 17)
    #expect(pace.low == 2_000 + 1_350 && pace.high == 2_000 + 2_700 && pace.usedUp == nil)
  }

  @Test func itSaysWhenTheQuotaIsUsedUp() throws {
    let pace = try #require(
      MonthPace(
        usage(900, quota: 1_000), HomeAnswers.Weeks(last: 700, before: 700), opened: .epoch, now: now))
    #expect(pace.usedUp == now + .days(1))
  }

  @Test func aYoungAccountGoesByTheDaysItHas() throws {
    let young = try #require(
      MonthPace(
        usage(30, quota: 1_000), HomeAnswers.Weeks(last: 30, before: 0), opened: now - .days(3), now: now))
    #expect(young.low == young.high && young.low == 30 + 135)
    #expect(MonthPace(usage(5, quota: 9), HomeAnswers.Weeks(last: 0, before: 0), opened: now, now: now) == nil)
  }
}
