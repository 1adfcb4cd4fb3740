import Domain
import EventLog
import Foundation
import HTTPTypes
import NIOCore
import TestDatabase
import Testing

@testable import Server

/// One number is the same wherever it stands: on home, billing and statement, and in the API's answers about the same span.
@Suite struct SameNumberTests {
  @Test func homeBillingStatementAndAPISayTheSameOfAMonthWithAVoid() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      try await shop.track(
        service, (0..<5).map { EventText(service.clock, after: -30).with("status_code", $0 < 2 ? "503" : "404") })
      try await shop.track(service, [EventText](repeating: EventText(service.clock, after: -3_600), count: 3))
      let span = #""from": "\#(service.clock.time(-60))", "to": "\#(service.clock.time(0))""#
      let made = try await shop.send(service, .post, "voids", #"{\#(span), "reason": "load test"}"#)
      #expect(made.status == 201, "\(made.text)")
      // One after the void, which counts.
      try await shop.track(service, [EventText(service.clock, after: -30).with("status_code", "503")])
      try await service.catchUp()

      let month = service.clock.month()
      let usage = try await service.get("/api/v1/usage?account_id=\(shop.account)", key: shop.access)
      #expect([usage["used"], usage["calls"], usage["voided"]] == [9, 4, 5])
      let summary = try await service.get("/api/v1/projects/\(shop.project)/summary", key: shop.access)
      let whole = try await service.get("/api/v1/accounts/\(shop.account)/summary", key: shop.access)
      #expect(summary["total_calls"] == 4 && whole["total_calls"] == 4 && summary["errors_5xx"] == 1, "\(summary)")

      let home = try await shop.browser.get("/home").text
      #expect(home.tile("Calls") == "4" && home.tile("5xx") == "25.0 %" && home.tile("4xx") == "0.0 %", "\(home)")
      #expect(home.tile("Average response time") == "12.5 ms")
      #expect(home.contains("1 of 4") && home.contains("9 used = 4 calls + 5 voided"))
      #expect(home.contains("<strong data-live-value=\"used\">9</strong> of 1,000"))
      #expect(home.contains("/v2/{id}/servers") && home.contains("data-live=\"/projects/\(shop.project)/live\""))
      let intake = try await service.get("/api/v1/projects/\(shop.project)/intake?interval=day", key: shop.access)
      #expect(intake["days"].elements.reduce(0) { $0 + $1["received"].integer } == 9, "\(intake)")
      #expect(home.contains("<strong>9</strong></td>"))

      let billing = try await shop.browser.get("/billing").text
      let row = ["9", "4", "5", "0", "0", "1,000"].map { "<td class=\"number\">\($0)</td>" }.joined()
      #expect(billing.contains(row), "\(billing)")
      let page = try await shop.browser.get("/billing/\(month)").text
      #expect(page.contains("<strong>9</strong> of 1,000") && page.contains("9 used = 4 calls + 5 voided"), "\(page)")
      #expect(page.contains(["9", "4", "5", "0", "0"].map { "<td class=\"number\">\($0)</td>" }.joined()))
      #expect(page.contains("It adds up") && page.contains("load test"))
      let statement = try await shop.browser.get("/billing/\(month)/statement").text
      #expect(statement.tile("Requests") == "4" && statement.tile("Used") == "9", "\(statement)")
      #expect(statement.tile("Voided, still used") == "5")

      // The same span on the project's page, as the files that it gives, and as the API answers.
      let span30 = "?period=month"
      let analytics = try await shop.browser.get("/projects/\(shop.project)\(span30)").text
      #expect(analytics.tile("Calls") == "4" && analytics.tile("5xx rate") == "25.0 %", "\(analytics)")
      let json = try await shop.browser.get("/projects/\(shop.project)\(span30)&table=summary&format=json")
      #expect(json["total_calls"] == 4 && json["errors_5xx"] == 1, "\(json.text)")
      let series = try await shop.browser.get("/projects/\(shop.project)\(span30)&table=series&format=csv").text
      let lines = series.split(whereSeparator: \.isNewline).map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
      let column = try #require(lines.first?.firstIndex(of: "total_calls"), "\(series)")
      #expect(lines.dropFirst().compactMap { Int($0[column]) }.reduce(0, +) == 4, "\(series)")
    }
  }

  @Test func theStatementThatIsDownloadedIsTheAPIsAndIsVerifiedOffline() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      try await shop.track(service, [EventText](repeating: EventText(service.clock), count: 3))
      try await service.catchUp()
      let month = service.clock.month()
      let file = try await shop.browser.get("/billing/\(month)/statement?download=yes")
      #expect(file.status == 200 && file.header("Content-Disposition")?.hasSuffix("-\(month).json\"") == true)
      let asked = try await service.get("/api/v1/accounts/\(shop.account)/statements/\(month)", key: shop.access)
      #expect(file.json.without("note") == asked.json.without("note"))
      let result = try await VerifierProgram.run(
        statement: file.text, export: nil, key: "\(service.signing.verifier)")
      #expect(result.status == 0, "\(result.output)")
    }
  }

  @Test func whatWasShownAtAMomentIsToldBesideWhatCameSince() async throws {
    try await Service.with { service in
      let shop = try await service.shop()
      try await shop.track(service, [EventText](repeating: EventText(service.clock), count: 3))
      try await service.catchUp()
      let month = service.clock.month()
      let before = try await shop.browser.get("/billing/\(month)?shown_at=2001-01-01T00:00").text
      #expect(
        before.contains("Shown on 2001-01-01 00:00:00 UTC") && before.contains("<dt>Recorded since</dt><dd>3</dd>"))
      #expect(before.contains("<span class=\"pill warn\">late</span>"))
      let after = try await shop.browser.get("/billing/\(month)?shown_at=2901-01-01T00:00:00Z").text
      #expect(after.contains("Nothing has changed since"), "\(after)")
      let wrong = try await shop.browser.get("/billing/\(month)?shown_at=%3Cscript%3E")
      #expect(wrong.status == 400 && wrong.text.contains("aria-invalid") && !wrong.text.contains("<script>"))
      #expect(wrong.text.contains("by project") || wrong.text.contains("By project"), "the rest of the page stands")
    }
  }
}

/// Somebody who is logged in and has a project with a key.
struct Shop: Sendable {
  let browser: Browser
  let access, account, project, key: String

  func track(_ service: Service, _ events: [EventText]) async throws {
    let answer = try await service.track(events.call(), key: key)
    #expect(answer.status == 202, "\(answer.text)")
  }

  /// Asks the API about the project.
  func send(_ service: Service, _ method: HTTPRequest.Method, _ part: String, _ body: String) async throws -> Answer {
    try await service.send(
      method, "/api/v1/projects/\(project)/\(part)", key: access, body: ByteBuffer(string: body))
  }
}

extension Service {
  /// Signs up, makes a project and a key with the pages.
  func shop(named name: String = "shop") async throws -> Shop {
    let (person, browser) = try await browsing()
    return try await shop(of: person, in: browser, named: name)
  }

  /// The same of somebody who is there already.
  func shop(of person: SignedUp, in browser: Browser, named name: String = "shop") async throws -> Shop {
    try await catchUp()
    let page = try await browser.get("/projects").text
    let account = try page.hidden("account")
    let made = try await browser.post("/projects", ["account": account, "once": try page.hidden("once"), "name": name])
    let path = try #require(made.headers[.location]?.split(separator: "?").first.map(String.init))
    try await catchUp()
    let once = try await browser.get(path).text.hidden("once")
    let issued = try await browser.post(
      path, ["once": once, "name": "web", "scope-track": "on", "scope-read": "on", "expires_days": "10"])
    try await catchUp()
    let shown = try await browser.get(try #require(issued.headers[.location])).text
    let key = String(try #require(shown.firstMatch(of: /sk_live_[A-Za-z0-9_-]+/)?.output))
    let access = try await logIn(person).access
    let project = String(try #require(path.split(separator: "/").dropFirst().first))
    return Shop(browser: browser, access: access, account: account, project: project, key: key)
  }
}

extension String {
  /// What a tile of a page says.
  func tile(_ label: String) -> String? {
    matches(
      of: /<span class="label">(?:<a [^>]*>)?([^<]*)<.*?<span class="value[^"]*"[^>]*>([^<]*)<\/span>/
    ).first { $0.output.1 == label }.map { String($0.output.2) }
  }
}
