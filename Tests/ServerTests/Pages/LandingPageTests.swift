import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import TestDatabase
import Testing

@testable import Server

/// What a stranger sees first, and what stands in the documentation.
@Suite struct LandingPageTests {
  @Test func aStrangerSeesTiersAndHowToBegin() async throws {
    try await Service.with { service in
      let page = try await Browser(service).get("/")
      #expect(page.status == 200 && page.text.utf8.count <= 20_000)
      for text in [
        "$9", "$29", "50,000", "500,000", "href=\"/sign-up?tier=pro\"", "href=\"/sign-up?tier=business\"",
        "href=\"/log-in\"", "/api/v1/track", "quota-exceeded", "recount audit verify",
      ] {
        #expect(page.text.contains(text), "\(text)")
      }
      #expect(page.text.contains("has signed nothing yet"))
    }
  }

  @Test func theNumberHasItsProofBesideIt() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      _ = try await service.track([EventText](repeating: EventText(service.clock), count: 5).call(), key: tenant.key)
      try await CheckpointsJob(log: service.test.log, keys: service.signing).run(now: service.clock.now)
      let page = try await Browser(service).get("/").text
      let latest = try await service.get("/.well-known/recount/checkpoints?format=json")
      let checkpoints = latest["checkpoints"].elements
      let events = checkpoints.reduce(0) { $0 + $1["position"].integer }
      #expect(page.contains("<strong class=\"figure\">\(Text.number(Int64(events)))</strong>"))
      let shown = try #require(checkpoints.max { $0["position"].integer < $1["position"].integer })
      let root = try #require(shown["root_hash"].string)
      let note = try #require(shown["note"].string)
      #expect(page.unescaped.contains(root) && page.unescaped.contains(note))
      let link = try #require(page.firstMatch(of: /href="([^"]*consistency[^"]*)"/)?.output.1)
      #expect(try await service.get(String(link)).status == 200)
    }
  }

  @Test func whoeverIsLoggedInIsLedHome() async throws {
    try await Service.with { service in
      let (_, browser) = try await service.browsing()
      let page = try await browser.get("/").text
      #expect(page.contains("To your home") && !page.contains("/sign-up?tier"))
    }
  }

  @Test func theTierChosenAtSignUpIsRemembered() async throws {
    try await Service.with { service in
      let (_, browser) = try await service.browsing()
      try await service.catchUp()
      #expect(try await browser.get("/billing").text.contains("You chose") == false)
      _ = try await browser.get("/sign-up?tier=pro")
      let page = try await browser.get("/billing").text
      #expect(page.contains("You chose Pro") && page.contains("Billing is not set up on this server"))
      #expect(page.contains("--tier pro"))
    }
  }
}

@Suite struct DocsPageTests {
  @Test func everyOperationHasAPageThatSaysAllOfIt() async throws {
    try await Service.with { service in
      let operations = try service.documented()
      #expect(operations.count > 50)
      let browser = Browser(service)
      for operation in operations {
        let page = try await browser.get("/docs/\(operation.id)")
        #expect(page.status == 200, "\(operation.id)")
        let text = page.text.unescaped
        #expect(text.contains("\(operation.method.rawValue) \(operation.path)"), "\(operation.id)")
        for name in operation.query.names { #expect(text.contains("<code>\(name)</code>"), "\(operation.id) \(name)") }
        for kind in operation.kinds {
          #expect(text.contains("/docs/problems/\(kind.rawValue)"), "\(operation.id) \(kind)")
        }
        if case .object(let body) = operation.body {
          for name in body.names { #expect(text.contains("<code>\(name)</code>"), "\(operation.id) \(name)") }
        }
        if [.get, .post].contains(operation.method), operation.right != .nobody {
          #expect(text.contains("Authorization: Bearer YOUR_"), "\(operation.id)")
        }
      }
    }
  }

  @Test func membersOfBodiesAndAnswersAreToldWithWhatTheyLieIn() async throws {
    try await Service.with { service in
      let browser = Browser(service)
      let statement = try await browser.get("/docs/statement").text
      for name in ["usage[].day", "inclusion.hashes", "note", "total"] {
        #expect(statement.contains("<code>\(name)</code>"), "\(name)")
      }
      let track = try await browser.get("/docs/track").text
      for name in ["endpoint", "status_code", "events[].endpoint", "batch_id"] {
        #expect(track.contains("<code>\(name)</code>"), "\(name)")
      }
    }
  }

  @Test func everyKindOfProblemSaysWhatToDo() async throws {
    try await Service.with { service in
      let browser = Browser(service)
      for kind in Problem.Kind.allCases {
        let page = try await browser.get("/docs/problems/\(kind.rawValue)")
        #expect(page.status == 200 && page.text.unescaped.contains(kind.title), "\(kind)")
        #expect(kind == .internalError || kind.advice != Problem.Kind.internalError.advice, "\(kind)")
      }
      #expect(try await browser.get("/docs/problems/nothing").status == 404)
      #expect(try await browser.get("/docs/nothing").status == 404)
    }
  }

  @Test func theIndexIsSearchedByWords() async throws {
    try await Service.with { service in
      let browser = Browser(service)
      let all = try await browser.get("/docs").text
      for operation in try service.documented() { #expect(all.contains("/docs/\(operation.id)"), "\(operation.id)") }
      let found = try await browser.get("/docs?q=usage+explain").text
      #expect(found.contains("/docs/explainUsage") && !found.contains("\"/docs/track\""))
      let nothing = try await browser.get("/docs?q=%3Cscript%3Ealert(1)%3C/script%3E").text
      #expect(nothing.contains("Nothing holds all of these words") && !nothing.contains("<script>"))
    }
  }
}

extension Service {
  fileprivate func documented() throws -> [Server.Operation] {
    try RecountServer(log: test.log, projections: Self.projections, logger: Self.silent).operations().all
  }
}
