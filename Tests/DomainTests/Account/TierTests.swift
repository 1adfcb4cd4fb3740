import Domain
import Foundation
import Testing

/// The numbers that are sold stand in `Tier`. Where people read them, they must be those.
@Suite struct TierTests {
  private static let readme = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "README.md")

  private func row(_ title: String) throws -> [String] {
    let lines = try String(contentsOf: Self.readme, encoding: .utf8).split(separator: "\n")
    let row = try #require(lines.first { $0.hasPrefix("| \(title) |") })
    return row.split(separator: "|").dropFirst().prefix(Tier.allCases.count).map {
      $0.trimmingCharacters(in: .whitespaces).replacing(",", with: "")
    }
  }

  @Test func theReadmeSaysTheQuotasOfTheTiers() throws {
    #expect(try row("live events a month (UTC)") == Tier.allCases.map { "\($0.monthlyQuota)" })
    #expect(try row("test events a month (UTC)") == Tier.allCases.map { "\($0.testQuota)" })
  }
}
