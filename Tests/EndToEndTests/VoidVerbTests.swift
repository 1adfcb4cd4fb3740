import Foundation
import TestDatabase
import Testing

/// A load test that an owner takes out of the numbers, with the programs as people run them.
@Suite struct VoidVerbTests {
  struct Opened: Decodable {
    let accountId: String
    let projectId: String
    let apiKey: String
  }

  private struct Usage: Decodable, Equatable {
    let used: Int
    let voided: Int
  }

  private struct Voided: Decodable, Equatable {
    let events: Int
  }

  private static func decode<T: Decodable>(_ text: String, as _: T.Type = T.self) throws -> T {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(T.self, from: Data(text.utf8))
  }

  /// Requests a second apart, the last one at `end`.
  static func track(_ count: Int, until end: Date, _ installation: Installation, key: String) async throws {
    let lines = (0..<count).map { index in
      let time = (end - Double(count - 1 - index)).formatted(.iso8601)
      return
        #"{"endpoint": "/a", "method": "GET", "status_code": 200, "response_time_ms": 1, "timestamp": "\#(time)"}"#
    }
    let file = installation.folder.appending(path: "\(UUID().uuidString).jsonl")
    try (lines.joined(separator: "\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
    let result = try await installation.run(
      "import", file.path, "--format", "jsonl", "--url", "http://127.0.0.1:\(installation.port)", "--key", key,
      "--batch-size", "7", "--quiet")
    #expect(result.status == 0)
  }

  @Test func aVoidedSpanLeavesUsageAndIsListedVerifiedAndReplayed() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let opening = try await installation.run(
        "account", "open", "--email", "owner@example.com", "--project", "shop", "--json")
      let opened = try Self.decode(opening.output, as: Opened.self)
      let end = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
      try await Self.track(30, until: end, installation, key: opened.apiKey)
      let span = [
        "project", "void", "--project", opened.projectId, "--from", (end - 9).formatted(.iso8601), "--to",
        (end + 1).formatted(.iso8601), "--reason", "load test", "--id", UUID().uuidString, "--json",
      ]
      let counted = try await installation.run(span + ["--dry-run"])
      #expect(try Self.decode(counted.output) == Voided(events: 10))
      let voided = try await installation.run(span)
      #expect(try Self.decode(voided.output) == Voided(events: 10))
      let again = try await installation.run(span)
      #expect(try Self.decode(again.output) == Voided(events: 10), "the same command is done once")
      try await eventually("usage follows") {
        // The span may lie in two months, around midnight of the first.
        let months = Set([end, end - 40].map { $0.formatted(.iso8601.year().month()) })
        var sum = (0, 0)
        for month in months {
          let usage = try await installation.get("/api/v1/usage?month=\(month)", key: opened.apiKey, as: Usage.self)
          sum = (sum.0 + usage.used, sum.1 + usage.voided)
        }
        return sum == (20, 10)
      }
      let listed = try await installation.run("project", "voids", "--project", opened.projectId)
      #expect(listed.output.contains("10 requests") && listed.output.contains("load test"))
      let none = try await installation.run(span.dropLast(3) + ["--json"])
      #expect(none.status != 0, "nothing of it counts any more")
      for proof in [["audit", "verify"], ["replay", "--check"]] {
        let result = try await installation.run(proof)
        #expect(result.status == 0, "\(result.output)")
      }
      let explained = try await installation.run(
        "explain", "usage", "--account", opened.accountId, "--month", end.formatted(.iso8601.year().month()),
        "--shown-at", Date().formatted(.iso8601))
      #expect(explained.status == 0, "\(explained.output)")
      #expect(explained.output.contains("load test") && explained.output.contains("make up exactly what is shown"))
      let nobody = try await installation.run("explain", "usage", "--account", UUID().uuidString, "--month", "2026-11")
      #expect(nobody.status != 0)
      let export = try await installation.run("audit", "export")
      let verified = try await Verifier.run(export.output)
      #expect(verified.status == 0, "\(verified.output)")
      #expect(verified.output.contains("10 requests were voided"))
    }
  }
}
