import Domain
import EventLog
import Foundation
import TestDatabase
import Testing

@testable import Application

/// What was recorded a moment ago is there for everybody, whether a projector runs or not.
@Suite(.timeLimit(.whatHangs)) struct YoungTests {
  private let month = CalendarMonth(of: SystemClock().now)

  /// Read models that are there, and know nothing of what `body` is about.
  private func behind(_ body: @Sendable (Recounted) async throws -> Void) async throws {
    try await Recounted.with { recounted in
      try await recounted.catchUp()
      try await body(recounted)
    }
  }

  @Test func anAccountOpenedAMomentAgoHasUsedNothingOfItsQuota() async throws {
    try await behind { recounted in
      let tenant = try await recounted.open(.business)
      let usage = try #require(try await recounted.questions.usage(of: tenant.account, in: month))
      #expect(usage.value.live.quota == Int64(Tier.business.monthlyQuota))
      #expect(usage.value.test.quota == Int64(Tier.business.testQuota))
      #expect(usage.value.live.used == 0)
      #expect(usage.asOf.position < usage.asOf.logPosition)
      try await recounted.catchUp()
      let later = try #require(try await recounted.questions.usage(of: tenant.account, in: month))
      #expect(later.value == usage.value)
      #expect(later.asOf.position == later.asOf.logPosition)
      #expect(try await recounted.questions.usage(of: UUID(), in: month) == nil)
    }
  }

  @Test func aStatementOfALogThatHasJustBegunWaitsForItsFirstEventToBeRead() async throws {
    try await behind { recounted in
      let tenant = try await recounted.open()
      let statements = Statements(
        log: recounted.test.log, keys: try SigningKeys(drawnFor: "test/recount"), questions: recounted.questions,
        patience: .seconds(3_600))
      let now = SystemClock().now
      async let early = statements.make(of: tenant.account, month: month, now: now)
      try await recounted.catchUp(only: ["traffic"])
      #expect(try await early.used == 0)
    }
  }

  @Test func anAccountAndAProjectAreShownAtOnceAsTheyAreLater() async throws {
    try await behind { recounted in
      let tenant = try await recounted.open()
      let (questions, actor) = (recounted.questions, Actor(userID: tenant.owner, origin: Origin()))
      let second = UUID()
      let commands = ProjectCommands(log: recounted.test.log, changes: nil)
      _ = try await commands.create(second, named: "till", in: tenant.account, by: actor)
      _ = try await commands.rename(second, to: "counter", in: tenant.account, by: actor)
      _ = try await commands.archive(second, in: tenant.account, by: actor)
      let account = try #require(try await questions.account(tenant.account))
      let project = try #require(try await questions.project(second, of: tenant.account))
      #expect(account.value.projects == 1)
      #expect(project.value.name == "counter")
      try await recounted.catchUp()
      #expect(try await questions.account(tenant.account)?.value == account.value)
      #expect(try await questions.project(second, of: tenant.account)?.value == project.value)
      #expect(try await questions.account(UUID()) == nil)
      #expect(try await questions.project(UUID(), of: tenant.account) == nil)
      #expect(try await questions.project(second, of: UUID()) == nil)
    }
  }

  /// All that asks "whose is this project?" says the same of one created a moment ago.
  @Test func aProjectCreatedAMomentAgoIsItsAccountsForKeysMembersAndTheOperator() async throws {
    try await behind { recounted in
      let tenant = try await recounted.open()
      let stranger = try await recounted.open()
      let log = recounted.test.log
      let access = Access(log: log, questions: try Questions(log: log, queries: Recounted.queries))
      let second = UUID()
      // The directory knows the account and its first project, but not the second.
      try await recounted.catchUp()
      _ = try await ProjectCommands(log: log, changes: nil).create(
        second, named: "till", in: tenant.account, by: Actor(userID: tenant.owner, origin: Origin()))
      for isKnown in [false, true] {
        if isKnown { try await recounted.catchUp() }
        for project in [tenant.project, second] {
          #expect(try await access.homes.account(of: project) == tenant.account)
          #expect(try await access.account(of: project, .readNumbers, of: tenant.owner) == tenant.account)
          #expect(try await access.homes.isProject(project, of: tenant.account))
          #expect(try await !access.homes.isProject(project, of: stranger.account))
          await #expect(throws: AccessError.noProject(project)) {
            try await access.account(of: project, .readNumbers, of: stranger.owner)
          }
          // Nothing was sent: all zeros, as of a position, whichever read model is asked.
          let span = TrafficSpan(project: project, of: tenant.account, mode: .live, range: month.span)
          #expect(try await recounted.questions.trafficSummary(span).value.numbers.calls == 0)
          let usage = try await recounted.questions.usage(ofProject: project, in: tenant.account, month: month)
          #expect(usage.value.counts(of: .live) == .none)
          #expect(try await recounted.questions.requests(span, limit: 5).value.requests == [])
          #expect(
            try await recounted.questions.voids(ofProject: project, in: tenant.account, limit: 5).value.entries == [])
        }
        #expect(try await access.homes.account(of: UUID()) == nil)
      }
    }
  }
}
