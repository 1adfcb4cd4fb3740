import Foundation
import TestDatabase
import Testing

/// Throttling over processes of their own, by the clock on the wall.
@Suite(.serialized) struct ThrottleVerbTests {
  private struct Opened: Decodable {
    let accountId: String
    let keyId: String
    let apiKey: String
  }

  private static func open(_ installation: Installation) async throws -> Opened {
    let output = try await installation.run(
      "account", "open", "--email", "\(UUID())@example.com", "--project", "shop", "--json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Opened.self, from: Data(output.output.utf8))
  }

  private static var event: String {
    let time = Date().formatted(.iso8601)
    return
      #"{"endpoint": "/", "method": "GET", "status_code": 200, "response_time_ms": 1, "timestamp": "\#(time)"}"#
  }

  /// How many of so many calls, sent to these servers in turn, were not throttled; any other answer is an issue.
  private static func given(_ calls: Int, _ ports: [Int], key: String) async throws -> Int {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for index in 0..<calls {
        group.addTask {
          let reply = try await HTTP.send(
            "POST", port: ports[index % ports.count], "/api/v1/track", body: event, as: key)
          #expect(reply.status == 202 || reply.problem == "throttled")
          return reply.status == 202 ? 1 : 0
        }
      }
      return try await group.reduce(0, +)
    }
  }

  @Test func aGrantHoldsOnEveryServerWithinASecondAndSoDoesItsEnd() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let ports = [installation.port, try await installation.startSecondServer()]
      let opened = try await Self.open(installation)
      func policy(_ port: Int) async throws -> String {
        try await HTTP.send("POST", port: port, "/api/v1/track", body: Self.event, as: opened.apiKey)
          .headers["ratelimit-policy"] ?? ""
      }
      for port in ports { #expect(try await policy(port).contains(#""requests";q=50;w=10"#)) }
      let granted = try await installation.run(
        "account", "grant", "--account", opened.accountId, "--requests-per-second", "77", "--reason", "a launch")
      #expect(granted.output.contains("77 calls and send 65536 bytes a second"))
      try await Task.sleep(for: .seconds(1))
      for port in ports { #expect(try await policy(port).contains(#""requests";q=770;w=10"#)) }
      let revoked = try await installation.run(
        "account", "grant", "--account", opened.accountId, "--revoke", "--reason", "it is over")
      #expect(revoked.output.contains("as tier free gives"))
      try await Task.sleep(for: .seconds(1))
      for port in ports { #expect(try await policy(port).contains(#""requests";q=50;w=10"#)) }
      let log = try await installation.run("audit", "export", "--format", "cloudevents", "--type", "account_granted")
      #expect(log.output.split(separator: "\n").count == 2)
      #expect(log.output.contains("a launch"))
      for arguments in [["audit", "verify"], ["replay", "--check"]] {
        #expect(try await installation.run(arguments).status == 0)
      }
    }
  }

  @Test(arguments: [
    ["--reason", "nothing"], ["--requests-per-second", "9"], ["--requests-per-second", "0", "--reason", "r"],
    ["--requests-per-second", "99999999999", "--reason", "r"], ["--requests-per-second", "9", "--reason", " "],
    ["--revoke", "--bytes-per-second", "9", "--reason", "r"],
    ["--bytes-per-second", "9", "--until", "2020-01-01", "--reason", "r"],
  ]) func aGrantThatMakesNoSenseIsRefused(arguments: [String]) async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let opened = try await Self.open(installation)
      let result = try await installation.run(["account", "grant", "--account", opened.accountId] + arguments)
      #expect(result.status != 0)
      let unknown = try await installation.run(
        "account", "grant", "--account", "\(UUID())", "--requests-per-second", "9", "--reason", "r")
      #expect(unknown.status != 0)
    }
  }

  /// How exactly, SharedBucketsTests tell, which have time; here a busy machine may miss Redis's deadline.
  @Test func serversCountInTheRedisOfTheirSettingAndGoOnWithoutIt() async throws {
    try await PrivateRedis.with { redis in
      try await Installation.with(try await Cluster.shared(), environment: ["RECOUNT_REDIS_URL": redis.url]) {
        installation in
        let ports = [installation.port, try await installation.startSecondServer()]
        let opened = try await Self.open(installation)
        try await eventually("the key is counted in Redis") {
          _ = try await Self.given(2, ports, key: opened.apiKey)
          return try await redis.ask("EXISTS", "recount:throttle:\(opened.keyId)") == "1"
        }
        await redis.stop()
        let other = try await Self.open(installation)
        let given = try await Self.given(200, ports, key: other.apiKey)
        #expect(given >= 50, "each goes by its share, and nobody's call fails")
        #expect(given < 150)
      }
    }
  }
}
