import Domain
import Foundation
import HTTPTypes
import TestDatabase
import Testing

/// Days of a zone, cut rightly.
@Suite struct ZonedPageTests {
  private func analysing(at time: String, _ body: @Sendable (Analysed) async throws -> Void) async throws {
    let now = try #require(Instant(ofEra: time))
    try await Service.with { service in
      service.clock.set(to: now)
      try await body(service.analysed())
    }
  }

  private func event(_ shop: Analysed, at time: String) -> EventText {
    EventText(shop.service.clock).with("timestamp", "\"\(time)\"")
  }

  @Test func theDayOfTwentyFiveHoursHasAsManyBarsAndTheHourThatComesTwiceIsTwo() async throws {
    try await analysing(at: "2026-10-26T12:00:00Z") { shop in
      try await shop.track([event(shop, at: "2026-10-25T00:30:00Z"), event(shop, at: "2026-10-25T01:30:00Z")])
      let form = try await shop.browser.get(
        "\(shop.path)?time_zone=Europe/Berlin&first_day=2026-10-25&last_day=2026-10-25&consumer=")
      let place = try #require(form.headers[.location])
      #expect(form.status == 303 && place.contains("from=2026-10-24T22%3A00%3A00") && !place.contains("consumer"))
      let page = try await shop.browser.get(place).text
      #expect(page.matches(of: /<rect class="slot/).count == 25)
      #expect(page.contains("<title>2026-10-25 02:00 (UTC+02:00): 1 call, 1 × 2xx</title>"))
      #expect(page.contains("<title>2026-10-25 02:00 (UTC+01:00): 1 call, 1 × 2xx</title>"))
      #expect(page.contains("2026-10-25 · Europe/Berlin"))
      let csv = try await shop.browser.get("\(place)&table=series&format=csv").text.csv
      #expect(csv.count == 26 && csv[3][0...2] == ["2026-10-25T00:00:00.000Z", "2026-10-25 02:00 (UTC+02:00)", "1"])
    }
  }

  @Test func aQuietSundayOfAChangeWeekIsOneOfSevenDays() async throws {
    for (zone, now) in [
      ("Europe/Berlin", "2026-10-28T12:00:00Z"), ("America/New_York", "2026-11-04T12:00:00Z"),
      ("America/Santiago", "2026-09-09T12:00:00Z"),
    ] {
      try await analysing(at: now) { shop in
        let day = try #require(Instant(ofEra: now))
        try await shop.track((0..<7).filter { $0 != 3 }.map { event(shop, at: "\(day - .days(Int64($0)))") })
        let page = try await shop.page("?time_zone=\(zone)").text
        #expect(page.matches(of: /<rect class="slot/).count == 7, "\(zone)")
        #expect(page.matches(of: /<title>[^<]*Sun: no calls<\/title>/).count == 1, "\(zone)")
        #expect(page.matches(of: /<title>[^<]*: 1 call/).count == 6, "\(zone)")
        #expect(page.matches(of: /so far<\/title>/).count == 1, "\(zone)")
      }
    }
  }

  @Test func midnightOfKolkataDividesWhatIsASecondApart() async throws {
    try await analysing(at: "2026-11-15T12:00:00Z") { shop in
      try await shop.track([event(shop, at: "2026-11-13T18:29:59Z"), event(shop, at: "2026-11-13T18:30:00Z")])
      let page = try await shop.page("?time_zone=Asia/Kolkata").text
      for day in ["2026-11-13 Fri", "2026-11-14 Sat"] {
        #expect(page.contains("<title>\(day): 1 call, 1 × 2xx</title>"), "\(day)")
      }
    }
  }

  @Test func theZoneOfWhoeverLooksIsTheirs() async throws {
    try await analysing(at: "2026-11-15T12:00:00Z") { shop in
      try await shop.track([event(shop, at: "2026-11-15T11:30:00Z")])
      #expect(try await shop.page("?period=24h").text.contains("· UTC"))
      let page = try await shop.page("?period=24h&time_zone=Asia/Kolkata").text
      #expect(page.contains("<title>2026-11-15 17:00: 1 call, 1 × 2xx so far</title>"))
    }
  }
}
