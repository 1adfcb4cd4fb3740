import HTTPTypes
import TestDatabase
import Testing

/// A browser's theme is in the page as it comes, and no page of another theme is taken for it.
@Suite struct ThemeTests {
  @Test func aThemeThatIsChosenIsThePagesOwnUntilItIsTheSystemsAgain() async throws {
    try await Service.with { service in
      let (browser, _) = try await service.browsing(project: "shop")
      let before = try await browser.get("/projects?archived=yes")
      #expect(before.text.contains("<html lang=\"en\">"))
      for theme in ["dark", "light"] {
        let saved = try await browser.submit("/settings/theme", ["theme": theme])
        #expect(saved.text.contains("Saved.") && saved.text.contains("<html lang=\"en\" class=\"\(theme)\">"))
        #expect(saved.text.contains("value=\"\(theme)\" checked"))
        let cookies = await browser.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        let again = try await service.send(
          .get, "/projects?archived=yes",
          headers: [.cookie: cookies, .ifNoneMatch: try #require(before.header("ETag")), .accept: "text/html"])
        #expect(again.status == 200 && again.text.contains("class=\"\(theme)\""), "not the page of before")
      }
      let back = try await browser.submit("/settings/theme", ["theme": "system"])
      #expect(back.text.contains("<html lang=\"en\">") && back.text.contains("value=\"system\" checked"))
      #expect(try await browser.get("/projects?archived=yes").header("ETag") == before.header("ETag"))
    }
  }

  @Test func whatIsNoThemeIsNone() async throws {
    try await Service.with { service in
      let (_, browser) = try await service.browsing()
      #expect(try await browser.post("/settings/theme", ["theme": "<script>"]).status == 400)
      let stranger = Browser(service)
      for (cookie, isDark) in [("dark", true), ("x\"><script>alert(1)</script>", false), ("", false)] {
        await stranger.show(["recount-theme": cookie])
        let page = try await stranger.get("/log-in").text
        #expect(page.contains("class=\"dark\"") == isDark && !page.contains("<script>"), "\(cookie)")
      }
    }
  }
}
