import Domain
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import EventLog

/// A key that reads leaves a trace in the log, and never many.
@Suite struct KeyUseTests {
  private static let noon: Instant = 1_795_521_600_000

  private func source() -> TelemetrySource {
    TelemetrySource(accountID: UUID(), projectID: UUID(), keyID: UUID(), mode: .live)
  }

  /// When a key was used, by the log.
  private func written(_ test: TestLog, _ source: TelemetrySource) async throws -> [Instant] {
    try await test.owner.query(
      """
      SELECT (data ->> 'used_at')::bigint AS used_at FROM log.events
      WHERE type = 'key_used' AND key_id = \(source.keyID) AND project_id = \(source.projectID)
        AND account_id = \(source.accountID) AND stream IS NULL
      ORDER BY position
      """
    ).map { Instant(milliseconds: try $0.decode("used_at")) }
  }

  @Test func itIsNotedOnceAnHourToTheMinute() {
    let (uses, one, other) = (KeyUses(), source(), source())
    for second in stride(from: 0, to: 3_600, by: 7) { uses.note(one, at: Self.noon + .seconds(90 + second)) }
    uses.note(other, at: Self.noon + .milliseconds(1))
    #expect(uses.take().map(\.usedAt) == [Self.noon + .minutes(1), Self.noon])
    uses.note(one, at: Self.noon + .milliseconds(90_000 + 3_599_999))
    #expect(uses.take().isEmpty)
    uses.note(one, at: Self.noon + .milliseconds(90_000 + 3_600_000))
    #expect(uses.take().map(\.source) == [one])
  }

  @Test func aClockThatIsPutBackHidesNoKey() {
    let (uses, source) = (KeyUses(), source())
    uses.note(source, at: Self.noon)
    uses.note(source, at: Self.noon - .days(1))
    #expect(uses.take().count == 2)
  }

  @Test func keysTakeABoundedPlaceThatIsFreeAgainAfterAnHour() {
    let uses = KeyUses()
    for _ in 0..<KeyUses.capacity + 10 { uses.note(source(), at: Self.noon) }
    #expect(uses.take().count == KeyUses.capacity)
    uses.note(source(), at: Self.noon + .milliseconds(1))
    #expect(uses.take().isEmpty)
    let regular = source()
    for _ in 0..<2 {
      uses.note(regular, at: Self.noon + .hours(1))
      _ = uses.take()
    }
    uses.restore([KeyUses.Use(source: regular, usedAt: 0)])
    #expect(uses.take().count == 1)
  }

  @Test func itIsInTheLogAndTheLogHolds() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      _ = try await test.log.append([AppendUnit(.sample(source, count: 3))], shard: test.shard(of: source))
      for _ in 0..<3 { test.log.keyUses.note(source, at: Self.noon + .seconds(30)) }
      for _ in 0..<2 { try await test.log.writeKeyUses() }
      #expect(try await written(test, source) == [Self.noon])
      try await test.expectMetersMatchTheLog()
      try await test.expectTheLogHolds()
    }
  }

  @Test func whatCannotBeWrittenIsKeptAndWrittenOnceLater() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      test.log.keyUses.note(source, at: Self.noon)
      try await test.owner.query("REVOKE EXECUTE ON FUNCTION log.append(integer, jsonb, text[]) FROM recount_server")
      await #expect(throws: PostgresError.self) { try await test.log.writeKeyUses() }
      #expect(try await written(test, source).isEmpty)
      try await test.owner.query("GRANT EXECUTE ON FUNCTION log.append(integer, jsonb, text[]) TO recount_server")
      for _ in 0..<2 { try await test.log.writeKeyUses() }
      #expect(try await written(test, source) == [Self.noon])
    }
  }

  @Test func aLogThatIsClosedHasWrittenIt() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      let other = try await test.another()
      other.keyUses.note(source, at: Self.noon)
      await other.close()
      #expect(try await written(test, source) == [Self.noon])
    }
  }
}
