import Foundation
import TestDatabase
import Testing

/// The whole path on real input, with the programs as their users run them.
@Suite(.enabled(if: Installation.realLog != nil, "needs ../shared/data/openstack-nova-api.log"), .serialized)
struct RealLogTests {
  struct Opened: Decodable {
    let account_id: String
    let project_id: String
    let api_key: String
  }

  private func open(_ installation: Installation, tier: String) async throws -> Opened {
    let result = try await installation.run(
      "account", "open", "--email", "\(UUID().uuidString)@example.com", "--project", "shop", "--tier", tier, "--json")
    return try JSONDecoder().decode(Opened.self, from: Data(result.output.utf8))
  }

  struct Summary: Decodable, Equatable {
    var accepted: Int
    var duplicates: Int
    var refused: Int
    var invalid: Int
    var unreadable: Int
  }

  private func importLog(_ installation: Installation, _ opened: Opened, _ more: String...) async throws -> Summary {
    let log = try #require(Installation.realLog)
    let port = installation.port
    let result = try await installation.run(
      "import", log.path, "--format", "openstack", "--rebase", "now", "--url", "http://127.0.0.1:\(port)", "--key",
      opened.api_key, "--json", "--quiet")
    #expect(result.status == 0)
    return try JSONDecoder().decode(Summary.self, from: Data(result.output.utf8))
  }

  /// Waits until the read models have followed the log, and checks that the numbers are those of the file.
  private func expectTheFilesNumbers(_ installation: Installation, _ opened: Opened) async throws {
    let path = "/api/v1/projects/\(opened.project_id)"
    let days = "?from=\(Self.time(-40))&to=\(Self.time(1))"
    try await eventually("1,017 calls are shown") {
      let summary = try await installation.get("\(path)/summary\(days)", key: opened.api_key)
      return summary["total_calls"] as? Int == 1017
    }
    let summary = try await installation.get("\(path)/summary\(days)", key: opened.api_key)
    #expect(summary["errors_4xx"] as? Int == 41)
    #expect(summary["errors_5xx"] as? Int == 0)
    let mean = try #require(summary["average_response_time_ms"] as? Double)
    #expect(abs(mean - (try Self.meanOfTheFile())) < 1e-6)
    let endpoints = try await installation.get("\(path)/endpoints\(days)", key: opened.api_key)
    let first = try #require((endpoints["endpoints"] as? [[String: Any]])?.first)
    #expect(first["method"] as? String == "GET")
    #expect(first["endpoint"] as? String == "/v2/{id}/servers/detail")
    #expect(first["total_calls"] as? Int == 698)
  }

  private func expectItIsProven(_ installation: Installation) async throws {
    for arguments in [["audit", "verify"], ["replay", "--check"]] {
      let result = try await installation.run(arguments[0], arguments[1])
      #expect(result.status == 0, "\(arguments): \(result.output)")
    }
  }

  @Test func aProAccountIsShownExactlyWhatTheFileHolds() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let opened = try await open(installation, tier: "pro")
      let first = try await importLog(installation, opened)
      #expect(first == Summary(accepted: 1017, duplicates: 0, refused: 0, invalid: 0, unreadable: 0))
      let second = try await importLog(installation, opened)
      #expect(second == Summary(accepted: 0, duplicates: 1017, refused: 0, invalid: 0, unreadable: 0))
      try await expectTheFilesNumbers(installation, opened)
      try await expectItIsProven(installation)
    }
  }

  @Test func aFreeAccountGetsExactlyItsQuota() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let opened = try await open(installation, tier: "free")
      let first = try await importLog(installation, opened)
      #expect(first == Summary(accepted: 1000, duplicates: 0, refused: 17, invalid: 0, unreadable: 0))
      try await eventually("usage shows what was used and refused") {
        let usage = try await installation.get("/api/v1/usage", key: opened.api_key)
        return usage["used"] as? Int == 1000 && usage["refused"] as? Int == 17 && usage["limit"] as? Int == 1000
      }
      try await expectItIsProven(installation)
    }
  }

  @Test func killingAnyProcessInTheMiddleOfAnImportChangesNoNumber() async throws {
    let cluster = try await Cluster.start(settings: ["fsync": "on"])
    try await Installation.with(cluster) { installation in
      let opened = try await open(installation, tier: "pro")
      let log = try #require(Installation.realLog)
      for victim in ["server", "projector", "database", "importer"] {
        let importer = try await installation.start(
          "import", log.path, "--format", "openstack", "--rebase", "now", "--url",
          "http://127.0.0.1:\(installation.port)", "--key", opened.api_key, "--batch-size", "3", "--quiet")
        let before = try await used(installation, opened)
        try await eventually("the import is under way") {
          let now = try await used(installation, opened)
          return now > before || now == 1017 || !importer.isRunning
        }
        switch victim {
        case "server": await installation.kill9Server()
        case "projector": await installation.kill9Projector()
        case "database": try await cluster.kill9()
        default: break
        }
        kill(importer.processIdentifier, SIGKILL)
        if victim == "database" { try await cluster.restart() }
        if victim == "server" { try await installation.startServer() }
        if victim == "projector" { try await installation.startProjector() }
      }
      let last = try await importLog(installation, opened)
      #expect(last.refused + last.invalid == 0)
      try await expectTheFilesNumbers(installation, opened)
      try await expectItIsProven(installation)
    }
    try await cluster.discard()
  }

  private func used(_ installation: Installation, _ opened: Opened) async throws -> Int {
    try await installation.get("/api/v1/usage", key: opened.api_key)["used"] as? Int ?? 0
  }

  private static func time(_ days: Double) -> String {
    Date(timeIntervalSinceNow: days * 86_400).formatted(.iso8601)
  }

  /// What awk says over the file, in milliseconds.
  private static func meanOfTheFile() throws -> Double {
    let text = try String(contentsOf: try #require(Installation.realLog), encoding: .utf8)
    let times = text.split(whereSeparator: \.isNewline).compactMap { line in
      line.split(separator: " ").last.flatMap { Double($0) }
    }
    return times.reduce(0, +) * 1000 / Double(times.count)
  }
}
