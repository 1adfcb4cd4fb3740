import Application
import Domain
import Foundation
import Postgres
import Server
import TestDatabase
import Testing

@Suite(.timeLimit(.whatHangs)) struct SchedulerTests {
  private static let day = 86_400.0

  @Test func aJobRunsOnceEachTimeItFallsDueWhateverTheNumberOfServers() async throws {
    try await Servers.with { servers in
      let job = NotedJob()
      let running = (1...3).map { servers.start("server \($0)", job) }
      let begin = servers.clock.now
      for days in 0..<3 {
        try await servers.job("noted", where: "runs = \(days + 1)")
        for server in running { try await server.looks() }
        #expect(job.begun == (0...days).map { begin + .days(Int64($0)) })
        servers.clock.advance(seconds: Self.day)
      }
      for server in running { try await server.stop() }
    }
  }

  @Test func aJobWhoseReadModelsNobodyHasMadeYetWaitsForThem() async throws {
    try await Servers.with { servers in
      let queries = QueryCatalog(folder: Service.projections)
      let log = servers.test.log
      let server = servers.start(
        "first start", try InvitationsJob(log: log, queries: queries), try RetentionJob(log: log, queries: queries),
        ErasureJob(people: try People(log: log, queries: queries)), NotedJob())
      try await servers.job("noted", where: "runs = 1")
      try await server.looks()
      for name in ["invitations", "retention", "erasure"] { try await servers.job(name, where: "last_started IS NULL") }
      try await servers.catchUp()
      for name in ["invitations", "retention", "erasure"] {
        try await servers.job(name, where: "runs = 1 AND failures = 0")
      }
      try await server.stop()
    }
  }

  @Test func afterDowntimeAJobRunsOnceAndIsToldTheTime() async throws {
    try await Servers.with { servers in
      let job = NotedJob()
      let before = servers.start("before", job)
      try await servers.job("noted", where: "runs = 1")
      try await before.stop()
      servers.clock.advance(seconds: 100 * Self.day)
      let after = servers.start("after", job)
      try await servers.job("noted", where: "runs = 2")
      try await after.looks()
      #expect(job.begun.count == 2)
      #expect(job.begun.last == servers.clock.now)
      try await after.stop()
    }
  }

  @Test func whenAServerDiesInTheMiddleAnotherTakesOver() async throws {
    try await Servers.with { servers in
      let dying = try await servers.take("noted", as: "dying", deadline: 3_600)
      let job = NotedJob()
      let other = servers.start("other", job)
      try await other.looks()
      #expect(job.begun.isEmpty, "never two at once")
      await dying.close()
      let row = try await servers.job("noted", where: "last_outcome = 'succeeded'")
      #expect(try row.decode("last_run_by") == "other")
      #expect(try row.decode("failures", as: Int.self) == 1, "that a server died on it is counted")
      #expect(job.begun.count == 1)
      try await other.stop()
    }
  }

  @Test func whenAServerHangsAnotherTakesOverAfterTheDeadline() async throws {
    try await Servers.with { servers in
      let hung = try await servers.take("noted", as: "hung", deadline: 0.5)
      let other = servers.start("other", NotedJob())
      try await servers.job("noted", where: "last_outcome = 'succeeded' AND last_run_by = 'other'")
      await #expect(throws: PostgresError.self, "its lock went with its connection") { try await hung.query("SELECT") }
      // It wakes up, and must not speak for the other.
      try await servers.test.owner.query("SELECT operations.finish_job('noted', now(), 'hung', 'late')")
      try await servers.job("noted", where: "last_outcome = 'succeeded' AND runs = 1")
      try await other.stop()
    }
  }

  @Test func aServerThatHasLostItsLockStopsTheJob() async throws {
    try await Servers.with { servers in
      let wasCancelled = Switch()
      let job = NotedJob {
        do { try await Task.sleep(for: .seconds(600)) } catch {
          wasCancelled.turnOn()
          throw error
        }
      }
      let server = servers.start("server", job)
      try await servers.job("noted", where: "running_by = 'server'")
      try await servers.test.owner.query("SELECT pg_terminate_backend(operations.job_holder('noted'))")
      try await servers.job("noted", where: "last_outcome = 'died'")
      // Another look of the same server may find the lock free before the run notices that it is gone.
      try await wasCancelled.turnedOn()
      try await server.stop()
    }
  }

  @Test func aRunThatTakesTooLongIsCancelledAndFails() async throws {
    try await Servers.with { servers in
      let job = NotedJob(deadline: .milliseconds(50)) { try await Task.sleep(for: .seconds(600)) }
      let server = servers.start("server", job)
      let row = try await servers.job("noted", where: "last_outcome = 'failed'")
      #expect(try row.decode("last_error", as: String.self).contains("longer than its deadline"))
      try await server.stop()
    }
  }

  @Test func aFailedJobWaitsLongerEachTimeAndIsForgivenWhenItSucceeds() async throws {
    try await Servers.with { servers in
      let isMended = Switch()
      let job = NotedJob { if !isMended.isOn { throw Broken() } }
      let server = servers.start("server", job)
      for (failures, wait) in [(1, 60.0), (2, 120), (3, 240)] {
        let row = try await servers.job("noted", where: "failures_in_a_row = \(failures)")
        #expect(try row.decode("last_error") == "the sieve is broken")
        servers.clock.advance(seconds: wait - 1)
        try await server.looks()
        #expect(job.begun.count == failures, "not before \(wait) s")
        if failures == 3 { isMended.turnOn() }
        servers.clock.advance(seconds: 1)
      }
      let row = try await servers.job("noted", where: "last_outcome = 'succeeded' AND failures_in_a_row = 0")
      #expect(try row.decode("failures", as: Int.self) == 3)
      try await server.stop()
    }
  }

  @Test func aServerThatShutsDownGivesItsJobBack() async throws {
    try await Servers.with { servers in
      let server = servers.start("leaving", NotedJob { try await Task.sleep(for: .seconds(600)) })
      try await servers.job("noted", where: "running_by = 'leaving'")
      try await server.stop()
      try await servers.job("noted", where: "running_by IS NULL AND runs = 0 AND failures = 0")
      let other = servers.start("staying", NotedJob())
      try await servers.job("noted", where: "last_outcome = 'succeeded' AND last_run_by = 'staying'")
      try await other.stop()
    }
  }

  @Test func aClockThatJumpsAheadAndBackNeitherRunsAJobAgainAndAgainNorStopsIt() async throws {
    try await Servers.with { servers in
      let job = NotedJob()
      let server = servers.start("server", job)
      try await servers.job("noted", where: "runs = 1")
      servers.clock.advance(seconds: 400 * Self.day)
      try await servers.job("noted", where: "runs = 2")
      servers.clock.advance(seconds: -400 * Self.day)
      try await servers.job("noted", where: "runs = 3")
      try await server.looks()
      #expect(job.begun.count == 3)
      servers.clock.advance(seconds: -3_600)
      try await server.looks()
      #expect(job.begun.count == 3, "a clock set back by an hour makes nothing due")
      servers.clock.advance(seconds: 3_600 + Self.day)
      try await servers.job("noted", where: "runs = 4")
      try await server.stop()
    }
  }

  @Test func serversWhoseClocksDisagreeDoNotRunAJobForEachOtherWithoutEnd() async throws {
    try await Servers.with { servers in
      var servers = servers
      servers.spacing = .seconds(3_600)
      let job = NotedJob()
      let ahead = TestClock()
      ahead.advance(seconds: 400 * Self.day)
      let right = servers.start("right", job)
      try await servers.job("noted", where: "runs = 1")
      let wrong = servers.start("wrong", clock: ahead, job)
      try await wrong.looks()
      try await right.looks()
      #expect(job.begun.count == 1)
      try await right.stop()
      try await wrong.stop()
    }
  }

  private struct Broken: Error, CustomStringConvertible { let description = "the sieve is broken" }
}
