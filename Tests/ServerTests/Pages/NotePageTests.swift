import Domain
import EventLog
import Foundation
import HTTPTypes
import TestDatabase
import Testing

@testable import Application
@testable import Server

/// Saved views and annotations on the page of a project's numbers.
@Suite struct NotePageTests {
  /// The forms of a page that are sent to a path.
  private func forms(_ path: String, on page: String) throws -> [String] {
    try page.matches(of: Regex("<form[^>]*action=\"\(path)\"")).map { String(page[$0.range]) }
  }

  @Test func aViewIsSavedOpenedAndRemovedByForms() async throws {
    try await Service.analysing { shop in
      let page = try await shop.page("?status=5xx&period=30d&compare=weekday").text
      let query = try page.hidden("query").unescaped
      #expect(query == "period=30d&compare=weekday&status=5xx")
      let saved = try await shop.browser.post("\(shop.path)/views", ["name": "errors", "query": query])
      #expect(saved.status == 303 && saved.headers[.location] == "\(shop.path)?\(query)&done=saved")
      try await shop.service.catchUp()
      let plain = try await shop.page().text
      #expect(plain.links("errors") == ["\(shop.path)?\(query)"])
      let view = try #require(plain.firstMatch(of: /action="([^"]*\/views\/[^"]*\/remove)"/)?.output.1)
      let removed = try await shop.browser.post(String(view), ["query": query])
      #expect(removed.headers[.location] == "\(shop.path)?\(query)&done=removed")
      try await shop.service.catchUp()
      #expect(try await shop.page().text.links("errors").isEmpty)
    }
  }

  @Test func aViewThatWontDoIsSaidBesideItsFieldAndKept() async throws {
    try await Service.analysing { shop in
      let name = "\u{202E}<img src=x>"
      let answer = try await shop.browser.post("\(shop.path)/views", ["name": name, "query": "status=5xx"])
      #expect(answer.status == 400 && answer.text.contains("id=\"view-name-error\""))
      #expect(answer.text.contains("&lt;img src=x&gt;") && !answer.text.contains("<img"))
      #expect(answer.text.contains("status: 5xx"), "what was looked at is shown again")
      let forged = try await shop.browser.post("\(shop.path)/views", ["name": "x", "query": "javascript:alert(1)"])
      #expect(forged.status == 400 && forged.text.contains("role=\"alert\""))
      #expect(try await shop.service.events("view_saved") == 0)
    }
  }

  @Test func hostileNotesAreTextOnThePage() async throws {
    try await Service.analysing { shop in
      let text = "</title><script>alert(1)</script>\" onclick=\"x"
      _ = try await shop.browser.post("\(shop.path)/views", ["name": text, "query": ""])
      let note = ["at": String(shop.service.clock.time(-3_600).prefix(19)), "text": text, "query": ""]
      #expect(try await shop.browser.post("\(shop.path)/annotations", note).status == 303)
      try await shop.track([EventText(shop.service.clock).with("release", "\"<b>2\"")])
      let page = try await shop.page().text
      #expect(!page.contains("<script>alert") && !page.contains("\" onclick=\"") && !page.contains("<b>2"))
      // In the menu and beside its button; in the row and on the chart.
      #expect(page.components(separatedBy: "&lt;script&gt;").count - 1 == 4)
    }
  }

  @Test func anAnnotationIsOfTheClocksOfWhoeverLooks() async throws {
    try await Service.analysing { shop in
      try await shop.track([EventText(shop.service.clock)])
      let day = String(shop.service.clock.time(-86_400).prefix(10))
      let note = [
        "at": "\(day)T17:00:05", "until": "\(day)T17:30", "text": "a sale", "query": "time_zone=Asia%2FKolkata",
      ]
      let added = try await shop.browser.post("\(shop.path)/annotations", note)
      #expect(added.headers[.location] == "\(shop.path)?time_zone=Asia%2FKolkata&done=saved")
      // A second click.
      #expect(try await shop.browser.post("\(shop.path)/annotations", note).status == 303)
      #expect(try await shop.service.events("annotation_added") == 1)
      try await shop.service.catchUp()
      let page = try await shop.page("?time_zone=Asia/Kolkata").text
      #expect(page.contains("datetime=\"\(day)T11:30:05.000Z\"") && page.contains("datetime=\"\(day)T12:00:00.000Z\""))
      #expect(page.contains(">\(day) 17:00:05</time>") && page.matches(of: /<g class="flag">/).count == 1)
      #expect(page.contains("<g class=\"flag\"><title>a sale</title><rect "))
      #expect(try await shop.page("?first_day=2020-01-01&last_day=2020-01-02").status == 303)
      let past = try await shop.page("?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z").text
      #expect(!past.contains("a sale") && past.contains("Nothing that is known of this period"))

      let remove = try #require(page.firstMatch(of: /action="([^"]*\/annotations\/[^"]*\/remove)"/)?.output.1)
      #expect(try await shop.browser.post(String(remove), ["query": ""]).status == 303)
      try await shop.service.catchUp()
      #expect(try await !shop.page().text.contains("a sale"))
      #expect(try await shop.browser.post("\(shop.path)/annotations", note).status == 303, "it can be said again")
      #expect(try await shop.service.events("annotation_added") == 2)
    }
  }

  @Test func anAnnotationThatWontDoIsSaidBesideItsFieldsAndKept() async throws {
    try await Service.analysing { shop in
      let day = String(shop.service.clock.time().prefix(10))
      let wrong = [
        (["at": "", "text": "x"], "note-at-error"), (["at": "noon", "text": "x"], "note-at-error"),
        (["at": "\(day)T10:00", "until": "\(day)T10:00", "text": "x"], "note-until-error"),
        (["at": "\(day)T10:00", "text": " "], "note-text-error"),
        // The clocks of Berlin leave it out.
        (["at": "2026-03-29T02:30", "text": "x", "query": "time_zone=Europe/Berlin"], "note-at-error"),
      ]
      for (fields, error) in wrong {
        let answer = try await shop.browser.post("\(shop.path)/annotations", fields)
        #expect(answer.status == 400 && answer.text.contains("id=\"\(error)\""), "\(fields)")
        #expect(answer.text.contains("<details open><summary>Annotate"))
        #expect(answer.text.contains("name=\"at\" value=\"\(fields["at"] ?? "")\""))
      }
      #expect(try await shop.service.events("annotation_added") == 0)
    }
  }

  @Test func whoeverOnlyReadsSeesWhatIsNotedAndNoForm() async throws {
    try await Service.with { service in
      let cast = try Cast()
      try await Cast.appear([cast], in: service)
      let shard = service.test.log.shards.shard(of: cast.accountID)
      let stream = StreamID.project(cast.projectID, of: cast.accountID, shard: shard)
      for command: Project.Command in [
        .saveView(Project.ViewRequest(id: UUID(), name: "errors", query: "status=5xx")),
        .annotate(
          Project.AnnotationRequest(id: UUID(), at: service.clock.now - .hours(1), until: nil, text: "a sale")),
      ] {
        try await service.test.log.handle(command, by: Project.self, on: stream)
      }
      try await service.catchUp()
      let path = "/projects/\(cast.projectID.uuidString.lowercased())"
      for role in Account.Role.allCases {
        let browser = try await PageWalkTests.Visitor.member(role).browser(of: cast, in: service)
        let page = try await browser.get(path).text
        #expect(page.links("errors") == ["\(path)?status=5xx"] && page.contains("a sale"), "\(role)")
        let forms = try forms("\(path)/(views|annotations)[^\"]*", on: page)
        #expect(forms.count == (Permissions.allows(role, .manageProjects) ? 4 : 0), "\(role)")
      }
      try await service.test.log.handle(.archive, by: Project.self, on: stream)
      try await service.catchUp()
      let owner = try await PageWalkTests.Visitor.member(.owner).browser(of: cast, in: service)
      let page = try await owner.get(path).text
      #expect(page.contains("a sale") && page.links("errors").count == 1)
      #expect(try forms("\(path)/(views|annotations)[^\"]*", on: page).isEmpty)
    }
  }

  @Test func aPageThatNothingHappenedToIsTheSame() async throws {
    try await Service.analysing { shop in
      try await shop.track([EventText(shop.service.clock)])
      try await shop.service.settled(seenBy: shop.browser)
      let tags = try await [shop.page(), shop.page()].map { $0.header("ETag") }
      #expect(tags[0] != nil && tags[0] == tags[1])
    }
  }

  @Test func aMarkStandsWhereItHappened() {
    let hours = (0..<Int64(4)).map { Instant.epoch + .hours($0)..<Instant.epoch + .hours($0 + 1) }
    func flag(_ at: Instant, _ until: Instant? = nil) -> Flag? {
      Flag.all([Mark(at: at, until: until, what: .tierChanged(.pro))], over: hours).first
    }
    #expect(flag(Instant.epoch + .minutes(90))?.x == "37.5%" && flag(.epoch)?.width == nil)
    let long = flag(Instant.epoch - .hours(9), Instant.epoch + .hours(2))
    #expect(long?.x == "0%" && long?.width == "50%" && long?.number == "1")
    #expect(flag(Instant.epoch + .hours(3), Instant.epoch + .hours(99))?.width == "25%")
    #expect(Flag.all([Mark(at: .epoch, until: nil, what: .tierChanged(.pro))], over: []).isEmpty)
  }

  @Test func aFieldsTimeIsOfTheZonesClocks() throws {
    let berlin = LocalCalendar(try #require(TimeZone(identifier: "Europe/Berlin")))
    let times = [
      ("2026-07-01T12:00", "2026-07-01T10:00:00Z"), ("2026-12-01T12:00:05", "2026-12-01T11:00:05Z"),
      // Shown twice: the first.
      ("2026-10-25T02:30", "2026-10-25T00:30:00Z"), ("2026-10-25T03:00", "2026-10-25T02:00:00Z"),
      ("2026-03-29T01:59", "2026-03-29T00:59:00Z"), ("2026-03-29T03:00", "2026-03-29T01:00:00Z"),
    ]
    for (text, utc) in times {
      #expect(berlin.time(ofField: text) == Instant(ofEra: utc), "\(text)")
    }
    for text in [
      "2026-03-29T02:30", "", "2026-07-01", "12:00", "2026-07-01T12:00Z", "2026-07-01T25:00", "1969-01-01T00:00",
    ] {
      #expect(berlin.time(ofField: text) == nil, "\(text)")
    }
    #expect(berlin.field(of: try #require(Instant(ofEra: "2026-07-01T10:00:00Z")), .second) == "2026-07-01T12:00:00")
  }
}
