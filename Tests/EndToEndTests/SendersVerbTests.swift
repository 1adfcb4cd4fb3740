import Foundation
import TestDatabase
import Testing

/// What an operator is told of calls that never came, with the programs as people run them.
@Suite struct SendersVerbTests {
  private struct Senders: Decodable {
    struct Sender: Decodable {
      let here: Int
    }
    let senders: [Sender]
  }

  private func track(_ sender: String, _ sequence: Int, _ installation: Installation, key: String) async throws {
    let body = """
      {"sender": {"id": "\(sender)", "sequence": \(sequence), "dropped": 2}, "endpoint": "/a", "method": "GET",
      "status_code": 200, "timestamp": "\(Date().formatted(.iso8601))"}
      """
    let reply = try await HTTP.send("POST", port: installation.port, "/api/v1/track", body: body, as: key)
    #expect(reply.status == 202)
  }

  @Test func gapsAreToldInASentenceAndOnlyACheckEndsWithThem() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let opened = try await installation.decoded(
        "account", "open", "--email", "owner@example.com", "--project", "shop", "--json", as: VoidVerbTests.Opened.self)
      let project = ["senders", "--project", opened.projectId]
      let none = try await installation.run(project + ["--check"])
      #expect(none.status == 0 && none.output == "no call has named a sender in this mode\n", "\(none.output)")

      let sender = UUID().uuidString.lowercased()
      for sequence in [1, 2, 4, 8] { try await track(sender, sequence, installation, key: opened.apiKey) }
      try await eventually("the read model follows") {
        let told = try await installation.get(
          "/api/v1/projects/\(opened.projectId)/senders", key: opened.apiKey, as: Senders.self)
        return told.senders.map(\.here) == [4]
      }
      let report = try await installation.run(project)
      #expect(report.status == 0)
      #expect(report.output.contains("sender \(sender): 8 sent, 4 here; batch 3 missing since "), "\(report.output)")
      #expect(report.output.contains("batches 5 to 7 missing since ") && report.output.contains("2 events dropped"))
      let check = try await installation.run(project + ["--gaps", "--check"])
      #expect(check.status == 1 && check.output == report.output)
      let rehearsal = try await installation.run(project + ["--mode", "test", "--check"])
      #expect(rehearsal.status == 0)
      let nobody = try await installation.run(["senders", "--project", UUID().uuidString])
      #expect(nobody.status != 0)
      for proof in [["audit", "verify"], ["replay", "--check"]] {
        let result = try await installation.run(proof)
        #expect(result.status == 0, "\(result.output)")
      }
      let export = try await installation.run("audit", "export")
      let verified = try await Verifier.run(export.output)
      #expect(verified.status == 0, "\(verified.output)")
    }
  }
}
