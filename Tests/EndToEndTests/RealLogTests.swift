import Foundation
import TestDatabase
import Testing

/// The whole path on real input, with the programs as their users run them.
@Suite(.enabled(if: Installation.realLog != nil, "needs ../shared/data/openstack-nova-api.log"), .serialized)
struct RealLogTests {
  struct Opened: Decodable, Sendable {
    let accountId: String
    let projectId: String
    let apiKey: String
  }

  struct Traffic: Decodable, Sendable {
    let totalCalls: Int
    let errors4xx: Int
    let errors5xx: Int
    let averageResponseTimeMs: Double?

    // The decoder's own conversion would make `errors4Xx` of `errors_4xx`.
    enum CodingKeys: String, CodingKey {
      case totalCalls, averageResponseTimeMs
      case errors4xx = "errors4Xx"
      case errors5xx = "errors5Xx"
    }
  }

  struct Endpoints: Decodable, Sendable {
    struct Endpoint: Decodable, Sendable, Equatable {
      let method: String
      let template: String
      let totalCalls: Int
    }
    let endpoints: [Endpoint]
  }

  struct Usage: Decodable, Sendable, Equatable {
    let used: Int
    let refused: Int
    let quota: Int
  }

  private func open(_ installation: Installation, tier: String) async throws -> Opened {
    let result = try await installation.run(
      "account", "open", "--email", "\(UUID().uuidString)@example.com", "--project", "shop", "--tier", tier, "--json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let opened = try decoder.decode(Opened.self, from: Data(result.output.utf8))
    // Small batches, sent as fast as they are answered.
    try await installation.liftThrottle(of: opened.accountId)
    return opened
  }

  struct Summary: Decodable, Equatable {
    var accepted: Int
    var duplicates: Int
    var refused: Int
    var invalid: Int
    var unreadable: Int
  }

  private func importLog(_ installation: Installation, _ opened: Opened) async throws -> Summary {
    let log = try #require(Installation.realLog)
    let port = installation.port
    let result = try await installation.run(
      "import", log.path, "--format", "openstack", "--rebase", "now", "--url", "http://127.0.0.1:\(port)", "--key",
      opened.apiKey, "--json", "--quiet")
    #expect(result.status == 0)
    return try JSONDecoder().decode(Summary.self, from: Data(result.output.utf8))
  }

  /// Waits until the read models have followed the log, and checks that the numbers are those of the file.
  private func expectTheFilesNumbers(_ installation: Installation, _ opened: Opened) async throws {
    let path = "/api/v1/projects/\(opened.projectId)"
    let days = "?from=\(Self.time(-40))&to=\(Self.time(1))"
    try await eventually("1,017 calls are shown") {
      try await installation.get("\(path)/summary\(days)", key: opened.apiKey, as: Traffic.self).totalCalls == 1017
    }
    let summary = try await installation.get("\(path)/summary\(days)", key: opened.apiKey, as: Traffic.self)
    #expect(summary.errors4xx == 41)
    #expect(summary.errors5xx == 0)
    #expect(abs(try #require(summary.averageResponseTimeMs) - Self.meanOfTheFile()) < 1e-6)
    let endpoints = try await installation.get("\(path)/endpoints\(days)", key: opened.apiKey, as: Endpoints.self)
    #expect(
      endpoints.endpoints.first
        == Endpoints.Endpoint(method: "GET", template: "/v2/{id}/servers/detail", totalCalls: 698))
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
        try await installation.get("/api/v1/usage", key: opened.apiKey) == Usage(used: 1000, refused: 17, quota: 1000)
      }
      try await expectItIsProven(installation)
    }
  }

  /// Promise 5 with processes of their own: both servers are sent everything.
  @Test func twoServersAtOnceShareOneQuotaExactly() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let opened = try await open(installation, tier: "free")
      let log = try #require(Installation.realLog)
      let second = try await installation.startSecondServer()
      let summaries = try await withThrowingTaskGroup(of: Summary.self) { group in
        for port in [installation.port, second] {
          group.addTask {
            let result = try await installation.run(
              "import", log.path, "--format", "openstack", "--rebase", "now", "--url", "http://127.0.0.1:\(port)",
              "--key", opened.apiKey, "--batch-size", "7", "--json", "--quiet")
            return try JSONDecoder().decode(Summary.self, from: Data(result.output.utf8))
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(summaries.reduce(0) { $0 + $1.accepted } == 1000)
      #expect(summaries.allSatisfy { $0.accepted + $0.duplicates + $0.refused == 1017 })
      try await eventually("usage shows exactly the quota") {
        try await installation.get("/api/v1/usage", key: opened.apiKey, as: Usage.self).used == 1000
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
          "http://127.0.0.1:\(installation.port)", "--key", opened.apiKey, "--batch-size", "3", "--quiet")
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
    do {
      return try await installation.get("/api/v1/usage", key: opened.apiKey, as: Usage.self).used
    } catch let refused as HTTP.Refused where refused.status == 503 {
      // The database has just been killed: it is not known.
      return -1
    }
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
