import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// A statement is as of the position that the read model is at, whatever was recorded since.
@Suite(.timeLimit(.whatHangs)) struct StatementTests {
  private let now = SystemClock().now
  private var month: CalendarMonth { CalendarMonth(of: now) }

  private func statements(_ recounted: Recounted) throws -> Statements {
    try Statements(
      log: recounted.test.log, keys: SigningKeys(drawnFor: "localhost/recount"), questions: recounted.questions)
  }

  @Test func aVoidOfAMomentAgoIsInTheNextStatementAndKeepsNobodyFromThisOne() async throws {
    try await Recounted.with { recounted in
      let (log, tenant) = (recounted.test.log, try await recounted.open())
      let shard = log.shards.shard(of: tenant.account)
      let source = TelemetrySource(
        accountID: tenant.account, projectID: tenant.project, keyID: UUID(), mode: .live)
      _ = try await log.append([AppendUnit(.sample(source, count: 5, at: now))], shard: shard)
      try await recounted.catchUp()
      let statements = try statements(recounted)
      let before = try await statements.make(of: tenant.account, month: month, now: now)
      #expect(before.total == 5)

      _ = try await Voiding(log: log)(
        UUID(), .init(mode: .live, from: now, to: now + .milliseconds(1)), reason: "a load test", givesBackQuota: false,
        on: .project(tenant.project, of: tenant.account, shard: shard))
      let after = try await statements.make(of: tenant.account, month: month, now: now)
      #expect([after.total, after.voided, after.used] == [5, 0, 5])
      #expect(after.proof.lastPosition == before.proof.lastPosition)

      try await recounted.catchUp()
      let next = try await statements.make(of: tenant.account, month: month, now: now)
      #expect([next.total, next.voided, next.used] == [0, 5, 5])
      #expect(next.proof.lastPosition > before.proof.lastPosition)
    }
  }

  /// Half built, the days leave out what a void takes that lies beyond their position.
  @Test func aReadModelThatIsBeingBuiltForTheFirstTimeGivesNoStatement() async throws {
    try await Recounted.with { recounted in
      let (log, tenant) = (recounted.test.log, try await recounted.open())
      let shard = log.shards.shard(of: tenant.account)
      let source = TelemetrySource(
        accountID: tenant.account, projectID: tenant.project, keyID: UUID(), mode: .live)
      _ = try await log.append([AppendUnit(.sample(source, count: 5, at: now))], shard: shard)
      try await recounted.catchUp()
      _ = try await Voiding(log: log)(
        UUID(), .init(mode: .live, from: now, to: now + .milliseconds(1)), reason: "a load test", givesBackQuota: false,
        on: .project(tenant.project, of: tenant.account, shard: shard))
      try await recounted.test.owner.query(
        "UPDATE projector.progress SET foresight = position + 1 WHERE projection = 'traffic'")
      let statements = try statements(recounted)
      await #expect(throws: ReadModelMissing(projection: "traffic")) {
        try await statements.make(of: tenant.account, month: month, now: now)
      }
    }
  }

  @Test func anAccountOpenedAMomentAgoHasUsedNothingAsOfBefore() async throws {
    try await Recounted.with { recounted in
      // Somebody on each shard, so that there is something to be as of.
      while Set(try await positions(recounted)).contains(0) { _ = try await recounted.open() }
      try await recounted.catchUp()
      let tenant = try await recounted.open()
      let statement = try await statements(recounted).make(of: tenant.account, month: month, now: now)
      #expect(statement.total == 0)
      #expect(statement.proof.lastPosition < statement.firstPosition)
    }
  }

  private func positions(_ recounted: Recounted) async throws -> [Int64] {
    try await recounted.test.owner.query("SELECT last_position FROM log.heads")
      .map { try $0.decode("last_position") }
  }
}
