import Foundation
import Postgres
import TestDatabase
import Testing

/// What an operator reads, of real processes.
@Suite(.timeLimit(.whatHangs)) struct StatusTests {
  private struct Report: Decodable {
    struct Job: Decodable {
      let name: String
      let runs: Int
      let failures: Int
      let lastOutcome: String?
      let lastRunBy: String?
      let runningBy: String?
    }
    struct Log: Decodable {
      struct Shard: Decodable { let position: Int }
      let shards: [Shard]
    }
    struct ReadModel: Decodable {
      let name: String
      let behind: Int
    }
    let log: Log
    let readModels: [ReadModel]
    let schedule: [Job]
    let needsAttention: [String]

    func job(_ name: String) -> Job? { schedule.first { $0.name == name } }
  }

  private func status(of installation: Installation) async throws -> (exit: Int32, report: Report) {
    let result = try await installation.run("status", "--json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return (result.status, try decoder.decode(Report.self, from: Data(result.output.utf8)))
  }

  @Test func theStatusTellsWhetherSomebodyMustSeeToSomething() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      _ = try await installation.run("account", "open", "--email", "owner@example.com", "--project", "shop", "--json")
      try await eventually("all is well") { try await status(of: installation).exit == 0 }
      let (_, report) = try await status(of: installation)
      #expect(report.log.shards.reduce(0) { $0 + $1.position } == 8)
      #expect(Set(report.readModels.map(\.name)).isSuperset(of: ["directory", "requests", "traffic", "usage"]))
      #expect(report.job("months")?.lastOutcome == "succeeded")
      #expect(report.job("retention") != nil)
      let page = try await installation.run("status")
      #expect(page.status == 0)
      #expect(page.output.contains("8 events in 4 shards"))
      #expect(page.output.contains("All is well."))

      try await installation.asOwner(
        "UPDATE projector.progress SET status = 'stopped', error = 'poison' WHERE projection = 'usage' AND shard = 2"
      )
      let (exit, stopped) = try await status(of: installation)
      #expect(exit == 1)
      #expect(stopped.needsAttention.contains { $0.contains("usage, shard 2, is stopped: poison") })
      #expect(try await installation.run("status").output.contains("NEEDS ATTENTION"))
      #expect(try await installation.run("projections", "list").status == 1)
      #expect(try await installation.run("projections", "resume", "usage").output == "1 resumed\n")
      #expect(try await installation.run("projections", "list").status == 0)
      try await eventually("all is well again") { try await status(of: installation).exit == 0 }
    }
  }

  /// A job that is under way is kept waiting, and its process killed: the other one does it.
  @Test func ofTwoServersOneRunsAJobAndTheOtherTakesOverWhenItIsKilled() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      _ = try await installation.startSecondServer()
      try await eventually("the months were turned") {
        try await status(of: installation).report.job("months")?.lastOutcome == "succeeded"
      }
      #expect(try await status(of: installation).report.job("months")?.runs == 1)

      let owner = try await installation.connectAsOwner()
      try await owner.query("SELECT pg_advisory_lock(hashtext('recount months'))")
      try await owner.query(
        "UPDATE operations.jobs SET next_due = '-infinity', last_finished = NULL WHERE name = 'months'")
      try await eventually("a server runs the job") {
        try await status(of: installation).report.job("months")?.runningBy != nil
      }
      let killed = try #require(try await status(of: installation).report.job("months")?.runningBy)
      kill(try #require(killed.split(separator: ":").last.flatMap { pid_t($0) }), SIGKILL)
      try await eventually("the other server runs the job") {
        let other = try await status(of: installation).report.job("months")?.runningBy
        return other != nil && other != killed
      }
      try await owner.query("SELECT pg_advisory_unlock(hashtext('recount months'))")
      try await eventually("it is done") {
        try await status(of: installation).report.job("months")?.lastOutcome == "succeeded"
      }
      let job = try #require(try await status(of: installation).report.job("months"))
      #expect(job.runs == 2)
      #expect(job.failures == 1, "that a server died on it is counted")
      #expect(job.lastRunBy != killed)
      await owner.close()
    }
  }
}
