import Application
import EventLog
import Foundation
import HTTPTypes
import TestDatabase
import Testing

@testable import Domain
@testable import Server

/// What is made up says so wherever it is shown.
@Suite(.timeLimit(.whatHangs)) struct DemoPageTests {
  private static let mark = "Demo: generated data"

  /// Somebody who is a member of the demo, logged in as a person and with a browser.
  private func member(
    of demo: MakeDemo.Made, in service: Service
  ) async throws -> (person: Service.SignedUp, browser: Browser) {
    let (person, browser) = try await service.browsing()
    let log = service.test.log
    let stream = StreamID.account(demo.account, shard: log.shards.shard(of: demo.account))
    let version = try await log.load(Account.self, from: stream).version
    try await service.test.record(
      MemberAdded(accountID: demo.account, userID: person.id, role: .owner), on: stream, after: version)
    try await service.catchUp()
    return (try await service.logIn(person), browser)
  }

  private func make(_ service: Service) async throws -> MakeDemo.Made {
    try await MakeDemo(log: service.test.log, clock: service.clock)(monthlyRequests: 2_000)
  }

  @Test func everyPageAboutADemoSaysSoOnceAndNoOtherDoes() async throws {
    try await Service.with { service in
      let demo = try await make(service)
      let (person, browser) = try await member(of: demo, in: service)
      let project = "/projects/\(demo.project.text)"
      let account = "?account=\(demo.account.text)"
      let requests = try await browser.get("\(project)/requests?period=24h").text
      let event = try #require(requests.firstMatch(of: /href="(\/projects\/[^"]+\/events\/\d+)"/)?.output.1)
      let pages = [
        "/home\(account)", "/projects\(account)", project, "\(project)?table=endpoints", "\(project)/requests",
        "\(project)/explain?figure=calls&period=24h", "\(project)/keys", "\(project)/first-event", String(event),
        "/billing\(account)", "/billing/\(service.clock.month())\(account)",
        "/billing/\(service.clock.month())/statement\(account)", "/settings/account\(account)",
        "/settings/security-log\(account)", "/settings/verification\(account)",
      ]
      for page in pages {
        let answer = try await browser.get(page)
        #expect(answer.status == 200, "\(page): \(answer.status)")
        #expect(answer.text.components(separatedBy: Self.mark).count == 2, "\(page)")
      }
      let listed = try await service.get("/api/v1/accounts", key: person.access)["accounts"].elements
      let own = try #require(listed.first { $0["account_id"] != .string(demo.account.text) }?["account_id"].string)
      for page in ["/home", "/projects", "/billing", "/settings/account", "/settings/security-log"] {
        #expect(try await browser.get("\(page)?account=\(own)").text.contains(Self.mark) == false, "\(page)")
      }
      #expect(try await browser.get("/docs").text.contains(Self.mark) == false)
    }
  }

  @Test func theAPISaysWhatIsADemo() async throws {
    try await Service.with { service in
      let demo = try await make(service)
      let (person, _) = try await member(of: demo, in: service)
      let listed = try await service.get("/api/v1/accounts", key: person.access)["accounts"].elements
      #expect(listed.count == 2)
      for account in listed {
        #expect(account["is_demo"] == .bool(account["account_id"] == .string(demo.account.text)))
      }
      let account = "/api/v1/accounts/\(demo.account.text)"
      #expect(try await service.get(account, key: person.access)["is_demo"] == .bool(true))
      let projects = try await service.get("\(account)/projects", key: person.access)["projects"]
      #expect(projects[0]["is_demo"] == .bool(true))
      let project = try await service.get("/api/v1/projects/\(demo.project.text)", key: person.access)
      #expect(project["is_demo"] == .bool(true), "\(project)")
    }
  }

  @Test func theLandingPageShowsTheDemosNumberWhereThereIsOne() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      _ = try await service.track(EventText(service.clock).text, key: tenant.key)
      try await service.catchUp()
      let without = try await Browser(service).get("/").text
      #expect(!without.contains("See the demo") && !without.contains(Self.mark))

      let demo = try await make(service)
      try await service.catchUp()
      let month = CalendarMonth(of: service.clock.now)
      let questions = try Questions(log: service.test.log, queries: Service.queries)
      let usage = try await questions.usage(of: demo.account, months: [month, month.previous]).value.map(\.live)
      let young = try await Browser(service).get("/").text
      #expect(young.contains("href=\"/demo\"") && young.contains("This chain has not been signed yet"))

      try await CheckpointsJob(log: service.test.log, keys: service.signing).run(now: service.clock.now)
      let page = try await Browser(service).get("/").text
      let calls = Text.number(usage.reduce(0) { $0 + $1.calls })
      #expect(page.contains("<strong class=\"figure\">\(calls)</strong>") && page.contains(Self.mark), "\(page)")
      #expect(page.contains("All of it is part of what was signed for below") && page.contains("voided"))
      #expect(!page.contains("events stand in the log") && page.utf8.count <= 20_000)
      let shard = service.test.log.shards.shard(of: demo.account)
      let checkpoints = try await service.get("/.well-known/recount/checkpoints?format=json")["checkpoints"].elements
      let note = try #require(checkpoints.first { $0["shard"].integer == shard }?["note"].string)
      #expect(page.unescaped.contains(note))

      _ = try await MakeDemo(log: service.test.log, clock: service.clock).remove()
      try await service.catchUp()
      let after = try await Browser(service).get("/").text
      #expect(!after.contains("See the demo") && after.contains("events stand in the log"))
    }
  }
}
