import Foundation
import TestDatabase
import Testing

/// Test events and what is not accepted, with the programs as people run them.
@Suite struct TestQuotaTests {
  private struct Opened: Decodable {
    let accountId: String
    let projectId: String
    let apiKey: String
  }

  private struct Issued: Decodable {
    let apiKey: String
  }

  private struct Usage: Decodable {
    struct Test: Decodable {
      let used, quota, refused, remaining: Int
    }
    let test: Test
  }

  private static func decode<T: Decodable>(_ text: String, as _: T.Type = T.self) throws -> T {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(T.self, from: Data(text.utf8))
  }

  private func open(_ installation: Installation) async throws -> (opened: Opened, test: String) {
    let opening = try await installation.run(
      "account", "open", "--email", "\(UUID().uuidString)@example.com", "--project", "shop", "--json")
    let opened = try Self.decode(opening.output, as: Opened.self)
    let issuing = try await installation.run(
      "key", "issue", "--project", opened.projectId, "--name", "rehearsal", "--mode", "test", "--json")
    return (opened, try Self.decode(issuing.output, as: Issued.self).apiKey)
  }

  /// A call of this month's events.
  private static func call(_ count: Int, status: Int = 200) -> String {
    let time = Date().formatted(.iso8601)
    let event =
      #"{"endpoint": "/a", "method": "GET", "status_code": \#(status), "response_time_ms": 1, "timestamp": "\#(time)"}"#
    return #"{"events": [\#(Array(repeating: event, count: count).joined(separator: ", "))]}"#
  }

  private struct Counts: Decodable {
    let accepted, refused: Int
  }

  /// Promise 5, for test events: a free account's thousand, and not one more, whichever server is asked.
  @Test func twoServersAtOnceShareOneTestQuotaExactly() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let (opened, key) = try await open(installation)
      try await installation.liftThrottle(of: opened.accountId)
      let ports = [installation.port, try await installation.startSecondServer()]
      try await eventually("both servers know the key") {
        for port in ports {
          guard try await HTTP.send("GET", port: port, "/api/v1/usage", as: key).status == 200 else { return false }
        }
        return true
      }
      let told = try await withThrowingTaskGroup(of: Counts.self) { group in
        for index in 0..<64 {
          group.addTask {
            let reply = try await HTTP.send(
              "POST", port: ports[index % 2], "/api/v1/track", body: Self.call(23), as: key)
            #expect(reply.status == 202 || reply.status == 429)
            return try JSONDecoder().decode(Counts.self, from: reply.body)
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(told.reduce(0) { $0 + $1.accepted } == 1_000)
      #expect(told.reduce(0) { $0 + $1.refused } == 64 * 23 - 1_000)
      try await eventually("usage shows exactly the quota, and all that was refused") {
        let test = try await installation.get("/api/v1/usage", key: key, as: Usage.self).test
        return (test.used, test.quota, test.refused, test.remaining) == (1_000, 1_000, 472, 0)
      }
      for proof in [["audit", "verify"], ["replay", "--check"]] {
        let result = try await installation.run(proof)
        #expect(result.status == 0, "\(result.output)")
      }
      let verified = try await Verifier.run(try await installation.run("audit", "export").output)
      #expect(verified.status == 0, "\(verified.output)")
      #expect(verified.output.contains(/1,000 +472 +1,000\n/), "\(verified.output)")
    }
  }

  @Test func aServerThatIsEndedWritesWhatItTallied() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let (opened, _) = try await open(installation)
      try await eventually("the server knows the key") {
        try await HTTP.send("GET", port: installation.port, "/api/v1/usage", as: opened.apiKey).status == 200
      }
      for _ in 0..<9 {
        let reply = try await HTTP.send(
          "POST", port: installation.port, "/api/v1/track", body: Self.call(2, status: 9), as: opened.apiKey)
        #expect(reply.problem == "invalid-event")
      }
      await installation.endServer()
      let log = try await installation.run(
        "audit", "export", "--format", "cloudevents", "--type", "intake_tallied")
      let invalid = try log.output.split(separator: "\n").map { line in
        let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return (event?["data"] as? [String: Int])?["invalid"] ?? 0
      }
      #expect(invalid.reduce(0, +) == 18, "\(log.output)")
    }
  }
}
