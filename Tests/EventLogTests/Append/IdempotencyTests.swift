import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@Suite struct IdempotencyTests {
  @Test func anEventIDIsCountedOnce() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      let unit = AppendUnit(.sample(source, identity: .event(UUID(), digest: 7)))
      let first = try await test.log.append([unit], shard: test.shard(of: source))
      let second = try await test.another().append([unit], shard: test.shard(of: source))
      #expect(first.map(\.accepted) == [1])
      #expect(second.map(\.accepted) == [0])
      #expect(second.map(\.duplicates) == [1])
      #expect(second[0].position == first[0].position, "a duplicate is told the position it first got")
      #expect(second[0].meter?.used == 1)
    }
  }

  @Test func theSameIDWithAnotherBodyIsAConflictAndChangesNothing() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      let id = UUID()
      let shard = test.shard(of: source)
      _ = try await test.log.append([AppendUnit(.sample(source, identity: .event(id, digest: 7)))], shard: shard)
      let second = try await test.log.append(
        [AppendUnit(.sample(source, identity: .event(id, digest: 8)))], shard: shard)
      #expect(second[0].isConflict)
      #expect(second[0].accepted == 0)
      #expect(second[0].meter?.used == 1)
    }
  }

  @Test func oneProjectsIDsNeverShadowAnothers() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      let neighbour = TelemetrySource(
        accountID: source.accountID, projectID: UUID(), keyID: source.keyID, mode: .live)
      let id = UUID()
      let units = [source, neighbour].map { AppendUnit(.sample($0, identity: .event(id, digest: 7))) }
      let outcomes = try await test.log.append(units, shard: test.shard(of: source))
      #expect(outcomes.map(\.accepted) == [1, 1])
    }
  }

  @Test func aRehearsalWithATestKeyNeverSwallowsTheLiveEvent() async throws {
    try await TestLog.with { test in
      let live = try await test.account()
      let rehearsal = TelemetrySource(
        accountID: live.accountID, projectID: live.projectID, keyID: UUID(), mode: .test)
      let id = UUID()
      for source in [rehearsal, live, rehearsal, live] {
        _ = try await test.log.append(
          [AppendUnit(.sample(source, identity: .event(id, digest: 7)))], shard: test.shard(of: live))
      }
      let rows = try await test.owner.query("SELECT mode FROM log.events WHERE id = \(id) ORDER BY mode")
      #expect(try rows.map { try $0.decode("mode", as: String.self) } == ["live", "test"])
    }
  }

  @Test func aPartlyRefusedBatchIsRedecidedOnlyInItsRefusedRest() async throws {
    try await TestLog.with { test in
      let source = try await test.account(tier: .free)
      let shard = test.shard(of: source)
      _ = try await test.log.append([AppendUnit(.sample(source, count: 997))], shard: shard)
      let batch = AppendUnit(.sample(source, count: 5, identity: .batch(UUID(), digest: 1)))
      let first = try await test.log.append([batch], shard: shard)[0]
      #expect(first.accepted == 3)
      #expect(first.refusedOrdinals == [3, 4])
      let retried = try await test.log.append([batch], shard: shard)[0]
      #expect(retried.duplicates == 3)
      #expect(retried.duplicateOrdinals == [0, 1, 2])
      #expect(retried.refused == 2)

      try await test.upgrade(source)
      let upgraded = try await test.log.append([batch], shard: shard)[0]
      #expect(upgraded.accepted == 2)
      #expect(upgraded.duplicates == 3)
      let last = try await test.log.append([batch], shard: shard)[0]
      #expect(last.duplicates == 5)
      #expect(last.accepted + last.refused == 0)
      try await test.expectMetersMatchTheLog()
    }
  }

  @Test func anEventThatLeftTheWindowIsStillKnownForADuplicate() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      let shard = test.shard(of: source)
      let id = UUID()
      _ = try await test.log.append([AppendUnit(.sample(source, identity: .event(id, digest: 7)))], shard: shard)
      var late = TelemetryUnit.sample(source, count: 0, identity: .event(id, digest: 7))
      late.outside = [0]
      let known = try await test.log.append([AppendUnit(late)], shard: shard)[0]
      #expect(known.duplicates == 1)
      late.identity = .event(UUID(), digest: 7)
      let unknown = try await test.log.append([AppendUnit(late)], shard: shard)[0]
      #expect(unknown.duplicates + unknown.accepted == 0)
    }
  }
}
