import Foundation
import TestDatabase
import Testing

/// What a flood of log-ins leaves behind.
@Suite struct LogInFloodTests {
  /// Each hash takes 19 MiB; malloc kept them in its arenas, 470 MB in all.
  @Test func theMemoryOfAFloodOfLogInsIsGivenBack() async throws {
    try await Installation.with(try await Cluster.shared(), environment: ["RECOUNT_TRUSTED_PROXY": "127.0.0.1"]) {
      installation in
      try await Self.flood(installation, 2)
      let before = try await Self.residentMegabytes(installation)
      try await Self.flood(installation, 300)
      let after = try await Self.residentMegabytes(installation)
      #expect(after - before < 40, "\(before) MB before, \(after) MB after")
    }
  }

  /// Log-ins with made-up addresses, each from a client of its own, twenty at a time.
  private static func flood(_ installation: Installation, _ count: Int) async throws {
    let port = installation.port
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      var statuses: [Int] = []
      for number in 0..<count {
        if number >= 20, let status = try await group.next() { statuses.append(status) }
        group.addTask {
          try await HTTP.send(
            "POST", port: port, "/api/v1/auth/log-in",
            body: #"{"email": "\#(UUID().uuidString)@example.com", "password": "thistle-97-gravel"}"#,
            from: "10.0.\(number / 256).\(number % 256)"
          ).status
        }
      }
      return try await group.reduce(into: statuses) { $0.append($1) }
    }
    #expect(statuses.allSatisfy { $0 == 401 })
  }

  private static func residentMegabytes(_ installation: Installation) async throws -> Int {
    let id = try #require(await installation.serverID)
    let statm = try String(contentsOf: URL(filePath: "/proc/\(id)/statm"), encoding: .utf8)
    let pages = try #require(Int(statm.split(separator: " ")[1]))
    return pages * sysconf(Int32(_SC_PAGESIZE)) / 1_048_576
  }
}
