import Domain
import EventLog
import Foundation
import TestDatabase
import Testing

@testable import Application

@Suite(.timeLimit(.whatHangs)) struct AccountTrafficTests {
  /// An account of some projects, each with a source of requests.
  private struct Tenant: Sendable {
    let account: UUID
    let owner: UUID
    var sources: [TelemetrySource]

    init(_ recounted: Recounted, projects: Int) async throws {
      let opened = try await recounted.open(.business)
      (account, owner) = (opened.account, opened.owner)
      sources = [Self.source(opened.project, of: opened.account)]
      let commands = ProjectCommands(log: recounted.test.log)
      for number in 1..<projects {
        let id = UUID()
        _ = try await commands.create(id, named: "project \(number)", in: account, by: actor)
        sources.append(Self.source(id, of: account))
      }
    }

    var actor: Actor { Actor(userID: owner, origin: Origin(actorID: owner)) }

    private static func source(_ project: UUID, of account: UUID) -> TelemetrySource {
      TelemetrySource(accountID: account, projectID: project, keyID: UUID(), mode: .live)
    }
  }

  /// Random logs of several projects, one of which has lost days of its detail and two are archived, in random spans.
  @Test(arguments: 0..<3) func anAccountIsTheSumOfItsProjectsAndEachIsAsItsOwnSummarySays(seed: Int) async throws {
    try await Recounted.with { recounted in
      var random = Seeded(seed)
      let tenant = try await Tenant(recounted, projects: 5)
      let start = Instant.now.toDay - .days(20)
      var sent: [UUID: [Sent]] = [:]
      for source in tenant.sources.dropLast() {
        let some = (0..<Int.random(in: 0...200, using: &random)).map { _ in
          Sent(
            time: start + .milliseconds(Int64.random(in: 0..<12 * 86_400_000, using: &random)),
            status: [200, 404, 500].randomElement(using: &random) ?? 200,
            nanoseconds: .random(in: 0...9_000_000_000, using: &random))
        }
        sent[source.projectID] = some
        try await recounted.send(some, source)
      }
      // Nobody else's are counted in.
      try await recounted.send([Sent(time: start + .days(3))], try await recounted.test.account(tier: .pro))
      for source in tenant.sources.suffix(2) {
        _ = try await ProjectCommands(log: recounted.test.log).archive(
          source.projectID, in: tenant.account, by: tenant.actor)
      }
      try await recounted.retain(tenant.sources[0], from: start + .days(6))
      try await recounted.catchUp(only: ["traffic", "directory"])
      for _ in 0..<15 {
        let seconds = (0..<2).map { _ in Int64.random(in: 0...12 * 86_400, using: &random) }.sorted()
        let range = start + .seconds(seconds[0])..<start + .seconds(seconds[1])
        try await expect(range, tenant, sent, recounted)
      }
    }
  }

  private func expect(
    _ range: Range<Instant>, _ tenant: Tenant, _ sent: [UUID: [Sent]], _ recounted: Recounted
  ) async throws {
    let found = try await recounted.questions.accountTraffic(of: tenant.account, mode: .live, range: range)
    let projects = found.value.projects
    #expect(found.value.numbers.cell == projects.reduce(into: TrafficCell()) { $0.add($1.numbers.cell) })
    #expect(projects.map(\.numbers.calls) == projects.map(\.numbers.calls).sorted(by: >))
    #expect(Set(projects.map(\.id)).count == projects.count)
    for (index, source) in tenant.sources.enumerated() {
      let alone = try await recounted.questions.trafficSummary(
        TrafficSpan(project: source.projectID, of: tenant.account, mode: .live, range: range))
      guard let project = projects.first(where: { $0.id == source.projectID }) else {
        #expect(index >= 3 && alone.value.numbers.calls == 0, "only an archived one without calls is left out")
        continue
      }
      #expect(project.numbers == alone.value.numbers && project.range == alone.range, "\(range)")
      #expect(project.detailFrom == alone.detailFrom && project.isArchived == (index >= 3))
      #expect(project.name == (index == 0 ? "shop" : "project \(index)"))
      let times = (sent[source.projectID] ?? []).filter { project.range.contains($0.time) }
      #expect(project.numbers.calls == times.count, "\(index) \(project.range)")
    }
  }

  @Test func aProjectTakenOutOfTheArchiveIsInUseAndAnotherModeIsApart() async throws {
    try await Recounted.with { recounted in
      let tenant = try await Tenant(recounted, projects: 2)
      let commands = ProjectCommands(log: recounted.test.log)
      let day = Instant.now.toDay - .days(2)
      let test = TelemetrySource(
        accountID: tenant.account, projectID: tenant.sources[1].projectID, keyID: UUID(), mode: .test)
      try await recounted.send([Sent(time: day)], test)
      _ = try await commands.archive(test.projectID, in: tenant.account, by: tenant.actor)
      _ = try await commands.unarchive(test.projectID, in: tenant.account, by: tenant.actor)
      try await recounted.catchUp(only: ["traffic", "directory"])
      let live = try await recounted.questions.accountTraffic(
        of: tenant.account, mode: .live, range: day..<day + .days(1))
      #expect(live.value.projects.map(\.isArchived) == [false, false] && live.value.numbers.calls == 0)
      let tested = try await recounted.questions.accountTraffic(
        of: tenant.account, mode: .test, range: day..<day + .days(1))
      #expect(tested.value.projects.map(\.numbers.calls) == [1, 0])
      #expect(tested.value.projects.first?.id == test.projectID)
    }
  }
}
