import Foundation
import TestDatabase
import Testing

/// What README.md tells a newcomer to type.
@Suite struct WalkThroughTests {
  @Test func theWalkThroughOfTheReadmeWorksAsWritten() async throws {
    let commands = try WalkThrough.commands(ofSection: "From sign-up to the first number, with curl")
    try #require(commands.contains("sign-up"), "README.md has lost its walk-through")
    try await Installation.with(try await Cluster.shared()) { installation in
      let result = try await WalkThrough.run(
        commands,
        environment: [
          "RECOUNT_URL": "http://127.0.0.1:\(installation.port)", "RECOUNT_DATA": installation.folder.path,
        ])
      #expect(result.status == 0, "\(result.output)")
      #expect(result.output.contains(#""accepted":1"#), "\(result.output)")
      #expect(result.output.contains(#""total_calls":1"#), "\(result.output)")
      for arguments in [["audit", "verify"], ["replay", "--check"]] {
        let proof = try await installation.run(arguments)
        #expect(proof.status == 0, "\(arguments): \(proof.output)")
      }
    }
  }
}
