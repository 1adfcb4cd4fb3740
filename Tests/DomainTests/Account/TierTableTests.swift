import Foundation
import Testing

@testable import Domain

@Suite struct TierTableTests {
  /// The rows of a table, by what their first column begins with.
  private static func row(_ title: String) throws -> [String] {
    let file = URL(filePath: #filePath).appending(path: "../../../../README.md").standardizedFileURL
    let text = try String(contentsOf: file, encoding: .utf8)
    let section = try #require(
      text.components(separatedBy: "\n## What is sold\n").last?.components(separatedBy: "\n## ").first)
    let row = try #require(section.split(separator: "\n").first { $0.hasPrefix("| \(title)") })
    return row.split(separator: "|").dropFirst().map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private static func grouped(_ number: Int) -> String { number.formatted(.number.locale(Locale(identifier: "en_US"))) }

  private static let numbers: [(title: String, text: @Sendable (Tier) -> String)] = [
    ("price a month", { $0.priceText }), ("live events", { grouped($0.monthlyQuota) }),
    ("test events", { grouped($0.testQuota) }),
    ("calls a second", { grouped($0.callRate.requestsPerSecond) }),
    ("bytes a second", { size($0.callRate.bytesPerSecond) }),
    ("days of detail", { grouped($0.detailDays) }), ("projects", { grouped($0.projectLimit) }),
    ("quota alerts by mail", { has(.mailAlerts, $0) }), ("Slack", { has(.slack, $0) }),
    ("priority support", { has(.prioritySupport, $0) }),
  ]

  private static func has(_ feature: TierFeature, _ tier: Tier) -> String { tier.has(feature) ? "yes" : "no" }

  private static func size(_ bytes: Int) -> String { bytes < 1 << 20 ? "\(bytes >> 10) KB" : "\(bytes >> 20) MB" }

  @Test(arguments: numbers.indices) func theTableOfTheReadmeSaysWhatTheCodeGives(index: Int) throws {
    let (title, text) = Self.numbers[index]
    #expect(try Self.row(title) == Tier.allCases.map(text))
  }
}
