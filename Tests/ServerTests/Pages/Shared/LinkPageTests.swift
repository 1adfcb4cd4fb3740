import Domain
import Foundation
import HTTPTypes
import TestDatabase
import Testing

/// Sharing by the pages.
@Suite struct LinkPageTests {
  @Test func aLinkIsShownOnceAndListedByItsLastCharacters() async throws {
    try await Service.analysing { shop in
      let links = "\(shop.path)/links"
      #expect(try await shop.browser.get(links).text.contains("Nothing is shared yet"))
      let path = try await shop.shareLink("?status=5xx&mode=test", name: "for the board")
      let list = try await shop.browser.get(links).text
      #expect(!list.contains(path) && list.contains("for the board") && list.contains("test events, status 5xx"))
      #expect(
        list.contains("…\(path.suffix(4))") && list.contains("@example.com"), "its last characters, and who made it")
      #expect(list.contains("value=\"30\" selected"))
    }
  }

  @Test func theProjectsPageLeadsToSharingWhatItShows() async throws {
    try await Service.analysing { shop in
      let page = try await shop.page("?status=404&mode=test&period=24h&compare=weekday")
      #expect(page.text.links("Share") == ["\(shop.path)/links?mode=test&status=404"])
    }
  }

  @Test func aSecondClickSharesNoSecondLink() async throws {
    try await Service.analysing { shop in
      let once = try await shop.browser.get("\(shop.path)/links").text.hidden("once")
      let fields = ["once": once, "name": "b", "expires_days": "7"]
      #expect(try await shop.browser.post("\(shop.path)/links", fields).status == 303)
      #expect(try await shop.browser.post("\(shop.path)/links", fields).status == 409)
      #expect(try await shop.service.events("link_shared") == 1)
    }
  }

  @Test func whatWontDoIsSaidAndWhatWasTypedIsKept() async throws {
    try await Service.analysing { shop in
      let once = try await shop.browser.get("\(shop.path)/links").text.hidden("once")
      let name = "<img src=x onerror=alert(1)>\u{202E}"
      let fields = ["once": once, "name": name, "expires_days": "90", "consumer": "a\"b", "mode": "test"]
      let answer = try await shop.browser.post("\(shop.path)/links", fields)
      #expect(answer.status == 400 && answer.text.contains("aria-invalid") && !answer.text.contains("<img"))
      #expect(answer.text.contains("value=\"90\" selected") && answer.text.contains("test events, consumer a&quot;b"))
      for (field, value) in [("expires_days", "31"), ("expires_days", ""), ("status", "6xx"), ("key_id", "x")] {
        let wrong = fields.merging(["name": "b", field: value]) { $1 }
        #expect(try await shop.browser.post("\(shop.path)/links", wrong).status == 400, "\(field)=\(value)")
      }
      #expect(try await shop.service.events("link_shared") == 0)
    }
  }

  @Test func nobodyElseOpensALinkThatIsShownOnce() async throws {
    try await Service.analysing { shop in
      let once = try await shop.browser.get("\(shop.path)/links").text.hidden("once")
      let made = try await shop.browser.post(
        "\(shop.path)/links", ["once": once, "name": "b", "expires_days": "1"])
      try await shop.service.catchUp()
      let place = try #require(made.headers[.location])
      let (_, thief) = try await shop.service.browsing()
      await thief.show(await shop.browser.cookies.filter { $0.key.contains("key") }.merging(await thief.cookies) { $1 })
      let answer = try await thief.get(place)
      #expect(answer.status == 404 && !answer.text.contains("/shared/"))
      #expect(try await shop.browser.get(place).text.contains("/shared/sl_"))
      #expect(try await !shop.browser.get(place).text.contains("/shared/sl_"), "a reload shows its hint")
    }
  }

  @Test func aRevokedLinkShowsNothingFromThenOn() async throws {
    try await Service.analysing { shop in
      let path = try await shop.shareLink()
      let list = try await shop.browser.get("\(shop.path)/links").text
      #expect(try await shop.service.get(path).status == 200)
      let form = try #require(list.firstMatch(of: /action="([^"]*\/revoke)"/)?.output.1)
      let revoked = try await shop.browser.submit(String(form))
      #expect(revoked.status == 200 && revoked.text.contains("The link is revoked"))
      #expect(try await shop.service.get(path).status == 404)
      try await shop.service.catchUp()
      let after = try await shop.browser.get("\(shop.path)/links").text
      #expect(after.contains("revoked</span>") && !after.contains("/revoke\""))
    }
  }
}
