import Foundation
import TestDatabase
import Testing

/// What measures the auditor's verbs measures them: on a few thousand events here, on ten million in tools/bench audit.
@Suite(.enabled(if: Installation.realLog != nil, "needs ../shared/data/openstack-nova-api.log"))
struct BenchTests {
  private struct Result: Decodable {
    struct Run: Decodable {
      let eventsPerSecond: Int
      let maxRssMb: Double
    }
    let events: Int
    let verify, export, replay: Run
  }

  @Test func theAuditorsVerbsAreMeasuredAndKeepToTheirMemory() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let opening = try await installation.run(
        "account", "open", "--email", "bench@example.com", "--project", "bench", "--tier", "pro", "--json")
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      let opened = try decoder.decode(VoidVerbTests.Opened.self, from: Data(opening.output.utf8))
      let log = try #require(Installation.realLog)
      let measured = try await installation.measure(
        "audit.py", ["--key", opened.apiKey, "--log", log.path, "--events", "3000"])
      #expect(measured.status == 0)
      let result = try decoder.decode(Result.self, from: Data(measured.output.utf8))
      #expect(result.events >= 3_000)
      for run in [result.verify, result.export, result.replay] {
        #expect(run.eventsPerSecond > 0)
        #expect((1..<200).contains(run.maxRssMb), "the promise is less than 200 MB, however long the log")
      }
    }
  }

  private struct Fairness: Decodable {
    let calls, failed: Int
    let ratio: Double
  }

  /// How fair, a release build tells; here, that it is measured and that the flood costs nobody a call.
  @Test func whatAFloodCostsItsNeighboursIsMeasured() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let measured = try await installation.measure(
        "fair.py", ["--seconds", "1", "--under-way", "6", "--events", "300"])
      #expect(measured.status == 0)
      let decoder = JSONDecoder()
      let result = try decoder.decode([String: Fairness].self, from: Data(measured.output.utf8))
      #expect(result.count == 4)
      for (name, found) in result {
        #expect(found.calls == 40, "\(name)")
        #expect(found.failed == 0, "\(name)")
      }
    }
  }
}
