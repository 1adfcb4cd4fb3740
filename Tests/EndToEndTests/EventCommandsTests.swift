import Foundation
import TestDatabase
import Testing

/// What an answer tells its reader to type.
@Suite struct EventCommandsTests {
  private struct Opened: Decodable, Sendable {
    let projectId: String
    let apiKey: String
  }

  private struct Requests: Decodable, Sendable {
    struct Request: Decodable, Sendable { let position: Int }
    let requests: [Request]
  }

  private struct Event: Decodable, Sendable {
    let verify: [String]
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test func theCommandsOfAnEventCheckItWhenTheyArePasted() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let opened: Opened = try await installation.decoded(
        "account", "open", "--email", "me@example.com", "--project", "shop", "--json")
      let now = Date().formatted(.iso8601)
      let event =
        #"{"endpoint": "/a", "method": "GET", "status_code": 200, "response_time_ms": 1.25, "timestamp": "\#(now)"}"#
      let tracked = try await HTTP.send(
        "POST", port: installation.port, "/api/v1/track", body: event, as: opened.apiKey)
      #expect(tracked.status == 202)
      let path = "/api/v1/projects/\(opened.projectId)"
      try await eventually("the request is found") {
        let found: Requests? = try? await installation.get("\(path)/requests", key: opened.apiKey)
        return found?.requests.count == 1
      }
      #expect(try await installation.run("audit", "checkpoint").status == 0)
      let found: Requests = try await installation.get("\(path)/requests", key: opened.apiKey)
      let position = try #require(found.requests.first).position
      let told: Event = try await installation.get("\(path)/events/\(position)", key: opened.apiKey)
      #expect(told.verify.count == 5)
      let export = try #require(told.verify.first { $0.contains("audit export") }).split(separator: " ").map(
        String.init)
      let file = installation.folder.appending(path: "log.jsonl").path
      let exported = try await installation.run(Array(export.dropFirst().dropLast()) + [file])
      #expect(exported.status == 0)
      // Where the files go, and where the checkout is, is all that is changed.
      let commands = told.verify.filter { !$0.contains("audit export") }
        .map { $0.replacing("python3 tools/", with: "python3 \(Self.root.path)/tools/") }
      let result = try await WalkThrough.run(
        (["cd '\(installation.folder.path)'"] + commands).joined(separator: "\n"),
        environment: ["KEY": opened.apiKey])
      #expect(result.status == 0, "\(result.output)")
      #expect(result.output.contains("It is proven") && result.output.contains("is just what the log holds there"))
    }
  }
}
