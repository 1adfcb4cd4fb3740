import Application
import Domain
import Foundation
import HTTPTypes
import TestDatabase
import Testing

/// What people change of themselves and of their accounts.
@Suite struct SettingsPageTests {
  @Test func aZoneIsTheOneThatTimesAreShownIn() async throws {
    try await Service.with { service in
      let (_, browser) = try await service.browsing()
      let saved = try await browser.submit("/settings/profile", ["name": "Ada", "time_zone": "Asia/Kolkata"])
      #expect(saved.status == 200 && saved.text.contains("Saved."))
      #expect(saved.text.contains("value=\"Ada\"") && saved.text.contains("value=\"Asia/Kolkata\""))
      let wrong = try await browser.post("/settings/profile", ["name": "Ada", "time_zone": "Mars/Olympus"])
      #expect(wrong.status == 400 && wrong.text.contains("Mars/Olympus") && wrong.text.contains("aria-invalid"))
      #expect(try await browser.submit("/settings/profile", ["name": "", "time_zone": ""]).text.contains("Saved."))
    }
  }

  @Test func aWrongPasswordChangesNothing() async throws {
    try await Service.with { service in
      let (person, browser) = try await service.browsing()
      let wrong = try await browser.post(
        "/settings/password", ["current_password": "wrong-password", "new_password": "gravel-97-thistle"])
      #expect(wrong.status == 403 && !wrong.text.contains("gravel-97-thistle"))
      #expect(try await browser.post("/settings/delete", ["password": "wrong-password"]).status == 403)
      #expect(try await service.events("password_changed", of: person.id) == 0)
      let right = try await browser.post(
        "/settings/password", ["current_password": person.password, "new_password": "gravel-97-thistle"])
      #expect(right.status == 303)
      // This session goes on.
      #expect(try await browser.get("/settings").status == 200)
    }
  }

  @Test func anExportIsAFileAndIsRecordedAndNoLinkTakesOne() async throws {
    try await Service.with { service in
      let (_, browser) = try await service.browsing()
      let page = try await browser.get("/settings/account").text
      let account = try page.hidden("account")
      let file = try await browser.post("/settings/account/export", ["account": account, "format": "cloudevents"])
      #expect(file.status == 200, "\(file.text)")
      #expect(file.header("Content-Disposition") == "attachment; filename=\"recount-\(account).jsonl\"")
      #expect(file.header("Cache-Control") == "no-store")
      #expect(file.text.contains("account_opened"), "\(file.text)")
      #expect(try await service.events("data_exported") == 1)
      let rows = try await browser.post("/settings/account/export", ["account": account, "format": "csv"])
      #expect(rows.header("Content-Type")?.hasPrefix("text/csv") == true)
      #expect(try await browser.post("/settings/account/export", ["account": account]).status == 400)
      #expect(try await browser.get("/settings/account/export").status == 405)
      #expect(try await service.events("data_exported") == 2)
    }
  }

  @Test func whoAsksToBeErasedCanThinkBetterOfIt() async throws {
    try await Service.with { service in
      let (person, browser) = try await service.browsing()
      let asked = try await browser.submit("/settings/delete", ["password": person.password])
      #expect(asked.text.contains("You will be erased at"))
      #expect(try await browser.submit("/settings/restore").text.contains("You stay."))
    }
  }

  @Test func anInvitationThatIsClickedTwiceIsSentOnce() async throws {
    try await Service.with { service in
      let (_, browser) = try await service.browsing()
      let page = try await browser.get("/settings/account").text
      let fields = [
        "account": try page.hidden("account"), "once": try page.hidden("once"), "email": "guest@example.com",
        "role": "member",
      ]
      for _ in 0..<2 { #expect(try await browser.post("/settings/account/invitations", fields).status == 303) }
      #expect(try await service.events("member_invited") == 1)
      try await service.catchUp()
      #expect(try await browser.get("/settings/account").text.contains("guest@example.com"))
    }
  }

  @Test func theLastOwnerCantLeave() async throws {
    try await Service.with { service in
      let (person, browser) = try await service.browsing()
      let page = try await browser.get("/settings/account").text
      let answer = try await browser.post(
        "/settings/account/members/\(person.id.uuidString.lowercased())/remove",
        ["account": try page.hidden("account")])
      #expect(answer.status == 409 && answer.text.contains("owner"))
    }
  }

  @Test func aCheckpointThatWasSavedIsHeldAgainstTheLog() async throws {
    try await Service.with { service in
      let (_, browser) = try await service.browsing()
      try await CheckpointsJob(log: service.test.log, keys: service.signing).run(now: service.clock.now)
      let page = try await browser.get("/settings/verification").text
      let found = try #require(
        page.firstMatch(of: /yours<\/span><\/th><td class="number">(\d+)<\/td><td class="wide"><code>([^<]+)/))
      let root = Browser.encoded(String(found.output.2).replacing("&#x3D;", with: "="))
      let same = try await browser.get("/settings/verification?size=\(found.output.1)&root=\(root)")
      #expect(same.text.contains("goes on from the one that you saved"))
      let other = try await browser.get("/settings/verification?size=\(found.output.1)&root=AAAA")
      #expect(other.text.contains("does not go on from this checkpoint"))
      #expect(try await browser.get("/settings/verification?size=x&root=AAAA").status == 200)
    }
  }

  @Test func whoDidWhatIsShownToWhomItConcerns() async throws {
    try await Service.with { service in
      let (_, browser) = try await service.browsing()
      try await service.catchUp()
      let log = try await browser.get("/settings/security-log")
      #expect(log.status == 200 && log.text.contains("session started"))
      let one = try await browser.get("/settings/security-log?kind=session_started")
      #expect(one.text.contains("session started") && !one.text.contains("<th scope=\"row\">user registered"))
    }
  }
}
