import Foundation
import TestDatabase
import Testing

/// An auditor who trusts none of ours takes an export of the real log and checks it with a program in another language.
@Suite(.enabled(if: Installation.realLog != nil, "needs ../shared/data/openstack-nova-api.log"), .serialized)
struct AuditorTests {
  private struct Opened: Decodable, Sendable {
    let accountId: String
    let apiKey: String
  }

  private struct Usage: Decodable, Sendable, Equatable {
    let used: Int
    let refused: Int
    let quota: Int
  }

  /// Both tiers in one log: 1,017 within a quota, and 1,000 of 1,017 up to one.
  private static let tiers = [
    "pro": Usage(used: 1017, refused: 0, quota: 50_000),
    "free": Usage(used: 1000, refused: 17, quota: 1000),
  ]

  @Test func theVerifierCountsTheUsageThatTheAPIShowsAndNamesEachTampering() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      var accounts: [String: (opened: Opened, expected: Usage)] = [:]
      for (tier, expected) in Self.tiers {
        let opened = try await open(installation, tier: tier)
        try await importLog(installation, key: opened.apiKey)
        try await eventually("usage of the \(tier) account is shown") {
          try await installation.get("/api/v1/usage", key: opened.apiKey) == expected
        }
        accounts[tier] = (opened, expected)
      }
      try await eventually("it is written that each key has read, and nothing more will be") {
        try await installation.run("audit", "export").output.split(separator: "key_used").count > Self.tiers.count
      }
      let export = try await Self.export(installation)
      let clean = try await Verifier.run(export.text)
      #expect(clean.status == 0, "\(clean.output)")
      for (opened, expected) in accounts.values {
        #expect(Self.usage(of: opened.accountId, in: clean.output) == expected, "\(clean.output)")
      }

      let saved = installation.folder.appending(path: "checkpoint.txt").path
      let noted = try await installation.run("audit", "checkpoint", "--output", saved)
      #expect(noted.status == 0)
      let key = installation.folder.appending(path: "key.txt")
      try await HTTP.get(port: installation.port, path: "/.well-known/recount/key", key: "").write(to: key)
      let signed = ["--checkpoint", saved, "--key", key.path]
      let held = try await Verifier.run(export.text, signed)
      #expect(held.status == 0 && held.output.contains("contains, unchanged, all that"), "\(held.output)")
      for tampering in Tampering.allCases {
        let (tampered, bad) = try tampering.applied(to: export)
        let result = try await Verifier.run(tampered.text, tampering.needsCheckpoint ? signed : [])
        #expect(result.status == 1, "\(tampering): \(result.output)")
        #expect(
          result.output.contains(try Regex(bad)), "\(tampering) is at \(bad): \(result.output)")
      }
    }
  }

  private func open(_ installation: Installation, tier: String) async throws -> Opened {
    let result = try await installation.run(
      "account", "open", "--email", "\(UUID().uuidString)@example.com", "--project", "shop", "--tier", tier, "--json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Opened.self, from: Data(result.output.utf8))
  }

  private func importLog(_ installation: Installation, key: String) async throws {
    let log = try #require(Installation.realLog)
    let port = installation.port
    let result = try await installation.run(
      "import", log.path, "--format", "openstack", "--rebase", "now", "--url", "http://127.0.0.1:\(port)", "--key", key,
      "--batch-size", "100", "--quiet")
    #expect(result.status == 0)
  }

  /// To a file and to standard output, which must be the same.
  private static func export(_ installation: Installation) async throws -> ExportedLog {
    let file = installation.folder.appending(path: "export.jsonl")
    let written = try await installation.run("audit", "export", "--output", file.path)
    let printed = try await installation.run("audit", "export")
    #expect(written.status == 0 && printed.status == 0)
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text == printed.output)
    let refused = try await installation.run("audit", "export", "--account", UUID().uuidString)
    #expect(refused.status != 0, "a chain with holes proves nothing")
    return try ExportedLog(text)
  }

  /// The account's rows of the verifier's table, its months added up: a log rebased to now may lie in two.
  private static func usage(of account: String, in output: String) -> Usage {
    let rows = output.split(separator: "\n").filter { $0.hasPrefix(account) }
    return rows.reduce(Usage(used: 0, refused: 0, quota: 0)) { sum, row in
      let numbers = row.replacing(",", with: "").split(separator: " ").dropFirst(2).compactMap { Int($0) }
      guard numbers.count == 3 else { return sum }
      return Usage(used: sum.used + numbers[0], refused: sum.refused + numbers[1], quota: numbers[2])
    }
  }
}

/// Needs neither database nor log.
@Suite struct ForgedLogTests {
  /// In Python, as the verifier is: Tests/VerifierTests.
  @Test func theVerifierSeesThroughForgedLogsWhoseHashesHold() async throws {
    let result = try await Verifier.runItsTests()
    #expect(result.status == 0, "\(result.output)")
  }
}
