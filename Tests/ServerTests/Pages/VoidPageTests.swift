import Domain
import Foundation
import HTTPTypes
import TestDatabase
import Testing

@testable import Server

/// Requests are taken out of the numbers by a page: what would go is shown first.
@Suite struct VoidPageTests {
  private func hidden(_ page: String) throws -> [String: String] {
    // The first form of the page is the one that asks.
    let form = try #require(page.components(separatedBy: "<form class=\"block measure\"").last)
    return try Dictionary(
      uniqueKeysWithValues: ["once", "mode", "from", "to"].map { ($0, try form.hidden($0)) })
  }

  @Test func anOwnerSeesWhatWouldGoAndWhatStaysUsedAndThenTakesItOut() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      let clock = service.clock
      for (count, seconds) in [(5, -30.0), (3, -86_400), (2, -3 * 86_400)] {
        try await shop.track(service, [EventText](repeating: EventText(clock, after: seconds), count: count))
      }
      try await service.catchUp()
      let path = "/projects/\(shop.project)/voids"
      #expect(try await shop.browser.get(path).text.contains("Nothing was taken out"))
      let span = "from=\(clock.time(-90_000))&to=\(clock.time(0))"
      let page = try await shop.browser.get("\(path)?\(span)")
      let preview = try await service.get("/api/v1\(path)/preview?\(span)", key: shop.access)
      #expect(preview["events"] == 8 && preview["days"].elements.map { $0["events"].integer } == [3, 5], "\(preview)")
      #expect(page.status == 200 && page.text.contains("8 requests would leave the numbers"), "\(page.text)")
      for day in preview["days"].elements {
        let row = "<th scope=\"row\">\(day["day"].string ?? "")</th><td class=\"number\">\(day["events"].integer)</td>"
        #expect(page.text.contains(row), "\(row)")
      }
      #expect(page.text.contains("<th scope=\"row\">\(clock.month())</th><td class=\"number\">8</td>"))
      #expect(try await service.events("telemetry_voided") == 0)

      var fields = try hidden(page.text)
      fields["reason"] = "load <test>"
      fields["name"] = "shops"
      let wrong = try await shop.browser.post(path, fields)
      #expect(wrong.status == 400 && wrong.text.contains("This is not the project&#39;s name"), "\(wrong.text)")
      #expect(wrong.text.contains("value=\"load &lt;test&gt;\"") && wrong.text.contains("8 requests would leave"))
      fields["name"] = "shop"
      // A second click on the button.
      for _ in 0..<2 {
        let done = try await shop.browser.post(path, fields)
        #expect(done.status == 303 && done.headers[.location] == "\(path)?done=requests-voided", "\(done.text)")
      }
      #expect(try await service.events("telemetry_voided") == 1)
      try await service.catchUp()
      let list = try await shop.browser.get("\(path)?done=requests-voided").text
      #expect(list.contains("The requests are out of the numbers") && list.contains("load &lt;test&gt;"))
      #expect(list.contains("still used") && list.contains("<td class=\"number\">8</td>"))
      #expect(try await shop.browser.get("/projects/\(shop.project)").text.figure("Calls") == "2")
      #expect(try await shop.browser.get("/home").text.contains("10 used = 2 calls + 8 voided"))
      #expect(try await shop.browser.get("\(path)?\(span)").text.contains("0 requests would leave the numbers"))
    }
  }

  @Test func aSpanIsOfTheClocksOfWhoeverChoosesIt() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      try await shop.track(service, [EventText(service.clock, after: -30)])
      _ = try await shop.browser.post("/settings/profile", ["name": "", "time_zone": "Asia/Kolkata"])
      // Noon in UTC is half past five there.
      let day = service.clock.time().prefix(10)
      let path = "/projects/\(shop.project)/voids"
      let page = try await shop.browser.get("\(path)?from=\(day)T17:00&to=\(day)T18:00").text
      let fields = try hidden(page)
      #expect(page.contains("1 request would leave") && page.contains("value=\"\(day)T17:00\""), "\(page)")
      #expect(fields["from"] == "\(day)T11:30:00.000Z" && fields["to"] == "\(day)T12:30:00.000Z")
      for query in ["from=\(day)T17:00&to=\(day)T17:00", "from=soon&to=%3Cscript%3E", "from=\(day)T17:00"] {
        let wrong = try await shop.browser.get("\(path)?\(query)")
        #expect(wrong.status == 400 && wrong.text.contains("aria-invalid"), "\(query)")
        #expect(!wrong.text.contains("<script>"), "\(query)")
      }
    }
  }

  @Test func whoMayNotVoidSeesWhatWasVoidedAndNothingMore() async throws {
    try await Service.with { service in
      let cast = try Cast()
      try await Cast.appear([cast], in: service)
      let path = "/projects/\(cast.projectID.uuidString.lowercased())/voids"
      for role in [Account.Role.admin, .member, .readOnly] {
        let browser = try await PageWalkTests.Visitor.member(role).browser(of: cast, in: service)
        let list = try await browser.get(path)
        #expect(list.status == 200 && !list.text.contains("Take requests out"), "\(role)")
        let asked = try await browser.get("\(path)?from=\(service.clock.time(-60))&to=\(service.clock.time())")
        #expect(asked.status == 403, "\(role)")
      }
    }
  }

  @Test(
    arguments: [
      ("2026-07-01T12:00", "2026-07-01T10:00:00Z"), ("2026-12-01T12:00:30", "2026-12-01T11:00:30Z"),
      ("2026-07-01T12:00:00Z", "2026-07-01T12:00:00Z"),
      // Clocks show it twice: the first time. They leave it out: none.
      ("2026-10-25T02:30", "2026-10-25T00:30:00Z"), ("2026-03-29T02:30", nil),
      ("2026-13-01T12:00", nil), ("", nil), ("12:00", nil), ("2026-07-01T12:00+02:00:00", nil),
    ] as [(String, String?)])
  func aFieldsTimeIsThatOfTheZone(_ text: String, _ time: String?) throws {
    let berlin = LocalCalendar(try #require(TimeZone(identifier: "Europe/Berlin")))
    #expect(berlin.time(ofField: text) == time.flatMap { Instant(ofEra: $0) })
  }
}
