import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import TestDatabase
import Testing

@testable import Server

/// What whoever has a link sees.
@Suite struct SharedPageTests {
  @Test func itShowsTheNumbersOfTheProjectsOwnPage() async throws {
    try await Service.analysing { shop in
      let clock = shop.service.clock
      try await shop.track([
        EventText(clock).with("release", "\"1.2\""), EventText(clock).with("status_code", "503"),
        EventText(clock, after: -86_400),
      ])
      let path = try await shop.shareLink()
      for query in ["", "?period=24h", "?period=30d&compare=weekday&chart=errors", "?chart=latency"] {
        let (theirs, own) = (try await shop.service.get(path + query), try await shop.page(query))
        #expect(theirs.status == 200)
        for figure in Figure.allCases {
          #expect(try theirs.text.figure(figure.label) == own.text.figure(figure.label), "\(query) \(figure)")
        }
      }
      let page = try await shop.service.get(path).text
      for text in ["Endpoints", "/v2/{id}/servers", "Releases", "1.2", "Statuses", "503", "7 days", "Same weekdays"] {
        #expect(page.contains(text), "\(text)")
      }
    }
  }

  @Test func periodComparisonAndZoneAreChosenByWhoeverLooks() async throws {
    try await Service.analysing { shop in
      try await shop.track([EventText(shop.service.clock)])
      let path = try await shop.shareLink()
      #expect(try await shop.service.get(path).text.contains("· UTC"))
      let page = try await shop.service.get("\(path)?time_zone=Asia/Kolkata&period=24h&compare=previous").text
      #expect(page.contains("· Asia/Kolkata") && page.contains("Calls before"))
      let other = try #require(page.links("30 days").first)
      #expect(other.hasPrefix("\(path)?") && other.contains("time_zone=Asia%2FKolkata") && other.contains("compare="))
      let days = try await shop.service.get("\(path)?first_day=2026-01-01&last_day=2026-01-02&time_zone=")
      #expect(days.status == 303 && days.headers[.location]?.hasPrefix("\(path)?from=2026-01-01T00") == true)
      #expect(try await shop.service.get("\(path)?time_zone=Nowhere").status == 400)
    }
  }

  @Test func nobodyWidensWhatItShowsByTheAddress() async throws {
    try await Service.analysing { shop in
      let clock = shop.service.clock
      try await shop.track([
        EventText(clock).with("status_code", "500").with("consumer", "\"ours\""), EventText(clock),
        EventText(clock).with("consumer", "\"theirs\""),
      ])
      let path = try await shop.shareLink("?status=5xx")
      for query in [
        "", "?status=200", "?status=", "?mode=test", "?consumer=theirs", "?method=GET", "?key_id=\(UUID())",
        "?endpoint=/nothing", "?table=consumers", "?table=requests", "?min_ms=0&max_ms=1",
      ] {
        var shown = try await shop.browser.get(path + query)
        if shown.status == 303 { shown = try await shop.browser.get(try #require(shown.headers[.location])) }
        #expect(try shown.text.figure("Calls") == "1", "\(query)")
        #expect(shown.text.contains("status: 5xx") && !shown.text.contains("theirs"), "\(query)")
      }
      for query in ["format=json", "format=csv&table=consumers", "format=csv&table=requests"] {
        #expect(try await shop.service.get("\(path)?\(query)").status == 400, "\(query)")
      }
      for part in ["requests", "explain", "live", "keys", "events/1"] {
        #expect(try await shop.service.get("\(path)/\(part)").status == 404, "\(part)")
      }
    }
  }

  @Test func aLinkToTestEventsShowsNoOthers() async throws {
    try await Service.analysing { shop in
      try await shop.track([EventText(shop.service.clock)])
      let path = try await shop.shareLink("?mode=test")
      for query in ["", "?mode=live"] {
        let page = try await shop.service.get(path + query).text
        #expect(try page.figure("Calls") == "0" && page.contains("test events"))
      }
    }
  }

  @Test func filesAreOfThePagesOwnTables() async throws {
    try await Service.analysing { shop in
      let clock = shop.service.clock
      try await shop.track([
        EventText(clock).with("release", "\"1.2\""), EventText(clock).with("consumer", "\"somebody\""),
      ])
      let path = try await shop.shareLink()
      let page = try await shop.service.get(path).text
      let files = page.links("CSV")
      #expect(files.count == 3)
      for file in files + ["\(path)?format=csv"] {
        let answer = try await shop.service.get(file)
        #expect(answer.status == 200 && answer.header("Content-Type")?.hasPrefix("text/csv") == true, "\(file)")
        #expect(answer.header("Cache-Control") == "no-store" && !answer.text.contains("somebody"), "\(file)")
      }
    }
  }

  @Test func itsAddressGoesNowhere() async throws {
    try await Service.analysing { shop in
      let path = try await shop.shareLink()
      for (uri, status) in [(path, 200), ("/shared/x", 404), ("\(path)?period=ever", 400)] {
        let answer = try await shop.service.get(uri)
        #expect(answer.status == status)
        #expect(answer.header("Referrer-Policy") == "no-referrer" && answer.header("ETag") == nil, "\(uri)")
        #expect(answer.header("X-Robots-Tag") == "noindex, nofollow", "\(uri)")
        #expect(answer.header("Cache-Control") == "no-store", "\(uri)")
        #expect(answer.header("Content-Security-Policy")?.contains("default-src 'none'") == true, "\(uri)")
        #expect(answer.header("Set-Cookie") == nil, "\(uri)")
      }
    }
  }

  @Test func itIsTheSameForEverybody() async throws {
    try await Service.analysing { shop in
      try await shop.track([EventText(shop.service.clock)])
      let path = try await shop.shareLink()
      let (_, outsider) = try await shop.service.browsing()
      let pages = [
        try await shop.browser.get(path).text, try await outsider.get(path).text, try await shop.service.get(path).text,
        try await shop.service.send(.get, path, key: shop.key).text,
      ]
      #expect(Set(pages).count == 1)
    }
  }

  @Test func aLinkEndsAtItsTime() async throws {
    try await Service.analysing { shop in
      let path = try await shop.shareLink(days: "1")
      shop.service.clock.advance(seconds: 86_399)
      #expect(try await shop.service.get(path).status == 200)
      shop.service.clock.advance(seconds: 1)
      #expect(try await shop.service.get(path).status == 404)
      #expect(try await shop.service.get(try await shop.forever()).status == 200)
    }
  }

  @Test func whyNothingIsShownIsNotTold() async throws {
    try await Service.analysing { shop in
      let service = shop.service
      let unknown = try LinkToken(randomBytes: (0..<32).map { _ in UInt8.random(in: 0...255) }).secret
      var pages: [String: Answer] = [:]
      for token in [unknown, "x", String(unknown.dropLast()), shop.key] {
        pages[token] = try await service.get("/shared/\(token)")
      }
      let path = try await shop.shareLink(days: "1")
      let archived = try await shop.shareLink()
      #expect(try await shop.browser.post("\(shop.path)/archive", ["name": "shop"]).status == 303)
      pages["archived"] = try await service.get(archived)
      try await service.catchUp()
      pages["archived, as the directory knows"] = try await service.get(archived)
      #expect(try await shop.browser.post("\(shop.path)/unarchive").status == 303)
      try await service.catchUp()
      #expect(try await service.get(archived).status == 200)
      service.clock.advance(seconds: 86_401)
      pages["expired"] = try await service.get(path)
      let account = try await service.account(of: shop.project)
      try await service.test.log.handle(.close, by: Account.self, on: account)
      service.clock.advance(seconds: 1)
      pages["account closed"] = try await service.get(archived)
      let texts = Set(pages.values.map(\.text))
      #expect(texts.count == 1 && texts.first?.contains("may have expired or been revoked") == true)
      for (why, page) in pages { #expect(page.status == 404, "\(why)") }
    }
  }
}

extension Analysed {
  fileprivate func forever() async throws -> String { try await shareLink(days: "0") }
}

extension Service {
  /// The stream of a project's account.
  fileprivate func account(of project: String) async throws -> StreamID {
    let id = try #require(UUID(uuidString: project))
    let row = try await test.owner.query("SELECT account_id FROM directory.projects WHERE project_id = \(id)").first
    let account = try #require(row).decode("account_id", as: UUID.self)
    return .account(account, shard: test.log.shards.shard(of: account))
  }
}
