import TestDatabase
import Testing

/// The demo as an operator makes it.
@Suite struct DemoVerbTests {
  @Test func aDemoIsMadeSaidVerifiedAndNotMadeAgain() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let made = try await installation.run("demo", "--events", "2000")
      #expect(made.status == 0 && made.output.contains("opened") && made.output.contains("voided"), "\(made.output)")
      let again = try await installation.run("demo")
      #expect(again.status == 0 && again.output.contains("found, about 2,000 requests a month"), "\(again.output)")
      for proof in [["audit", "verify"], ["replay", "--check"]] {
        let result = try await installation.run(proof)
        #expect(result.status == 0, "\(result.output)")
      }
      let export = try await installation.run("audit", "export")
      let verified = try await Verifier.run(export.output)
      #expect(verified.status == 0, "\(verified.output)")
      let removed = try await installation.run("demo", "--remove")
      #expect(removed.status == 0 && removed.output.contains("is closed"))
      #expect(try await installation.run("demo", "--events", "7").status != 0)
    }
  }
}
