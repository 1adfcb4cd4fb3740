import Domain
import Foundation
import HTTPTypes
import TestDatabase
import Testing

/// From an empty account to a key that tracks.
@Suite struct ProjectPageTests {
  @Test func aKeyIsShownOnceAndWorks() async throws {
    try await Service.with { service in
      let (browser, project) = try await service.browsing(project: "shop")
      let path = "/projects/\(project)/keys"
      let empty = try await browser.get(path)
      #expect(empty.text.contains("No key yet"))
      let fields = [
        "once": try empty.text.hidden("once"), "name": "web server", "mode": "live", "scope-track": "on",
        "scope-read": "on",
      ]
      let issued = try await browser.post(path, fields)
      #expect(issued.status == 303 && issued.headers[.location]?.contains("sk_") == false)
      try await service.catchUp()
      let shown = try await browser.get(try #require(issued.headers[.location]))
      #expect(shown.header("Cache-Control") == "no-store" && shown.header("ETag") == nil)
      let key = String(try #require(shown.text.firstMatch(of: /sk_live_[A-Za-z0-9_-]+/)?.output))
      #expect(try await service.track(EventText(service.clock).text, key: key).status == 202)
      let again = try await browser.get(try #require(issued.headers[.location]))
      #expect(!again.text.contains(key) && again.text.contains("YOUR_KEY"))
      // A second click on the button.
      let second = try await browser.post(path, fields)
      #expect(second.status == 409)
      #expect(try await service.events("key_issued") == 1)
    }
  }

  @Test func nobodyElseOpensAKeyThatIsShownOnce() async throws {
    try await Service.with { service in
      let (browser, project) = try await service.browsing(project: "shop")
      let path = "/projects/\(project)/keys"
      let once = try await browser.get(path).text.hidden("once")
      let issued = try await browser.post(path, ["once": once, "name": "k", "scope-read": "on"])
      try await service.catchUp()
      let (_, thief) = try await service.browsing()
      await thief.show(await browser.cookies.filter { $0.key.contains("key") }.merging(await thief.cookies) { $1 })
      let answer = try await thief.get(try #require(issued.headers[.location]))
      #expect(answer.status == 404 && !answer.text.contains("sk_"))
    }
  }

  @Test func aSecondClickCreatesNoSecondProject() async throws {
    try await Service.with { service in
      let (_, browser) = try await service.browsing()
      let page = try await browser.get("/projects").text
      let fields = ["account": try page.hidden("account"), "once": try page.hidden("once"), "name": "shop"]
      let one = try await browser.post("/projects", fields)
      let two = try await browser.post("/projects", fields)
      #expect(one.status == 303 && one.headers[.location] == two.headers[.location])
      #expect(try await service.events("project_created") == 1)
    }
  }

  @Test func aNameThatWontDoIsSaidBesideItsFieldAndKept() async throws {
    try await Service.with { service in
      let (_, browser) = try await service.browsing()
      let page = try await browser.get("/projects").text
      let name = "<img src=x onerror=alert(1)>\u{202E}"
      let answer = try await browser.post(
        "/projects", ["account": try page.hidden("account"), "once": try page.hidden("once"), "name": name])
      #expect(answer.status == 400 && answer.text.contains("aria-invalid"))
      #expect(answer.text.contains("&lt;img src=x") && !answer.text.contains("<img"))
    }
  }

  @Test func aNameThatWontDoIsNoFaultOfOurs() async throws {
    try await Service.with { service in
      let (browser, project) = try await service.browsing(project: "shop")
      for name in [" ", "", "\u{202E}x", String(repeating: "a", count: 101)] {
        let answer = try await browser.post("/projects/\(project)/rename", ["name": name])
        #expect(answer.status == 400, "\(name.debugDescription)")
      }
      #expect(try await service.events("project_renamed") == 0)
    }
  }

  @Test func aHostileNameIsShownAsText() async throws {
    try await Service.with { service in
      let name = "</title><script>alert(1)</script>\"'"
      let (browser, project) = try await service.browsing(project: name)
      for uri in ["/projects", "/projects/\(project)/keys"] {
        let text = try await browser.get(uri).text
        #expect(text.contains("&lt;script&gt;") && !text.contains("<script>"), "\(uri)")
      }
    }
  }

  @Test func archivingTakesTheNameTypedOnceMore() async throws {
    try await Service.with { service in
      let (browser, project) = try await service.browsing(project: "shop")
      #expect(try await browser.post("/projects/\(project)/archive", ["name": "shops"]).status == 400)
      #expect(try await service.events("project_archived") == 0)
      #expect(try await browser.post("/projects/\(project)/archive", ["name": "shop"]).status == 303)
      try await service.catchUp()
      #expect(try await browser.get("/projects?archived=yes").text.contains("shop"))
      #expect(try await browser.post("/projects/\(project)/unarchive").status == 303)
    }
  }

  @Test func theFirstEventIsShownWhenItIsThere() async throws {
    try await Service.with { service in
      let (browser, project) = try await service.browsing(project: "shop")
      let uri = "/projects/\(project)/first-event"
      #expect(try await browser.get(uri).text.contains("Waiting for an event"))
      let path = "/projects/\(project)/keys"
      let once = try await browser.get(path).text.hidden("once")
      let issued = try await browser.post(path, ["once": once, "name": "k", "scope-track": "on"])
      try await service.catchUp()
      let shown = try await browser.get(try #require(issued.headers[.location])).text
      let key = String(try #require(shown.firstMatch(of: /sk_live_[A-Za-z0-9_-]+/)?.output))
      #expect(try await service.track("{\"endpoint\": 1}", key: key).status == 400)
      #expect(try await service.track(EventText(service.clock).text, key: key).status == 202)
      try await service.catchUp()
      #expect(try await browser.get(uri).text.contains("It is here"))
    }
  }
}
