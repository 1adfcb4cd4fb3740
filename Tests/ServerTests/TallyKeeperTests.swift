import Application
import Domain
import EventLog
import Foundation
import Logging
import Postgres
import Server
import TestDatabase
import Testing

/// When the tallies of what was not accepted are written.
@Suite struct TallyKeeperTests {
  private func throttled(_ test: TestLog) async throws -> Int {
    try await test.owner.query(
      "SELECT coalesce(sum((data ->> 'throttled')::bigint), 0)::bigint AS n FROM log.events WHERE type = 'intake_tallied'"
    ).first?.decode("n") ?? 0
  }

  private func until(_ test: TestLog, isThrottled count: Int) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while try await throttled(test) != count, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(10)) }
    #expect(try await throttled(test) == count)
  }

  @Test func theyAreWrittenAtEachIntervalAndWhenItIsCancelled() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      let often = Task {
        try await TallyKeeper(log: test.log, interval: .milliseconds(10), logger: Service.silent).run()
      }
      test.log.tallies.noteThrottled(source, at: 0)
      try await until(test, isThrottled: 1)
      test.log.tallies.noteThrottled(source, at: 0)
      try await until(test, isThrottled: 2)
      often.cancel()
      try await often.value

      let seldom = Task {
        try await TallyKeeper(log: test.log, interval: .seconds(3_600), logger: Service.silent).run()
      }
      test.log.tallies.noteThrottled(source, at: 0)
      seldom.cancel()
      try await seldom.value
      #expect(try await throttled(test) == 3)
    }
  }

  @Test func whichKeysReadIsWrittenWithThem() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      let keeper = Task {
        try await TallyKeeper(log: test.log, interval: .seconds(3_600), logger: Service.silent).run()
      }
      test.log.keyUses.note(source, at: 0)
      keeper.cancel()
      try await keeper.value
      let written = try await test.owner.query("SELECT count(*) AS n FROM log.events WHERE type = 'key_used'")
      #expect(try written.first?.decode("n", as: Int.self) == 1)
    }
  }

  @Test func aCrowdThatCannotBeWrittenIsNoBusyLoop() async throws {
    try await TestLog.with { test in
      try await test.owner.query("REVOKE EXECUTE ON FUNCTION log.append(integer, jsonb, text[]) FROM recount_server")
      let account = UUID()
      while !test.log.tallies.isCrowded {
        test.log.tallies.noteThrottled(
          TelemetrySource(accountID: account, projectID: account, keyID: UUID(), mode: .live), at: 0)
      }
      let log = LinesOfLog()
      let start = ContinuousClock.now
      let keeper = Task {
        try await TallyKeeper(log: test.log, interval: .seconds(3_600), logger: log.logger).run()
      }
      while log.count(.warning) < 2, ContinuousClock.now < start + .seconds(60) {
        try await Task.sleep(for: .milliseconds(10))
      }
      #expect(log.count(.warning) >= 2)
      #expect(ContinuousClock.now >= start + .seconds(2), "a second before each")
      keeper.cancel()
      try await keeper.value
    }
  }

  @Test func aCrowdOfKeysIsWrittenWithoutWaitingForTheInterval() async throws {
    try await TestLog.with { test in
      let account = UUID()
      let keeper = Task {
        try await TallyKeeper(log: test.log, interval: .seconds(3_600), logger: Service.silent).run()
      }
      var keys = 0
      while !test.log.tallies.isCrowded, keys < 100_000 {
        test.log.tallies.noteThrottled(
          TelemetrySource(accountID: account, projectID: account, keyID: UUID(), mode: .live), at: 0)
        keys += 1
      }
      try await until(test, isThrottled: keys)
      keeper.cancel()
      try await keeper.value
    }
  }
}
