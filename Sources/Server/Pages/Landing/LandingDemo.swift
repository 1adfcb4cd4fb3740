import Application
import Domain
import EventLog

/// The demo of this installation, as the landing page shows it: what it counts in this month (UTC) and the one before, which is where its
/// thirty days lie.
struct LandingDemo: Sendable {
  let path, calls, months, shard, position: String
  /// `9 used = 4 calls + 5 voided`, over both months; nil where nothing was voided.
  let difference: String?
  /// The last position that a checkpoint of its chain covers; nil before the first.
  let covered: String?
  let isCovered: Bool

  /// - Parameter checkpoint: the latest of its chain.
  init(_ usage: Answered<[AccountUsage]>, shard: Int, _ checkpoint: PublishedCheckpoint?) {
    let months = usage.value.map(\.live).filter { $0.used > 0 || $0.calls > 0 }
    path = Place.demo.path
    calls = Text.number(months.reduce(0) { $0.addingSaturating($1.calls) })
    difference = Self.difference(months)
    self.months = usage.value.sorted { $0.month.start < $1.month.start }.map(\.month.name).joined(separator: " and ")
    self.shard = String(shard)
    position = Text.number(usage.asOf.position)
    covered = checkpoint.map { Text.number($0.checkpoint.position) }
    isCovered = checkpoint.map { $0.checkpoint.position >= usage.asOf.position } ?? false
  }

  private static func difference(_ months: [MonthUsage]) -> String? {
    func sum(_ part: KeyPath<MonthUsage, Int64>) -> Int64 {
      months.reduce(0) { $0.addingSaturating($1[keyPath: part]) }
    }
    return MonthUsage.difference(
      used: sum(\.used), calls: sum(\.calls), voided: sum(\.voided), givenBack: sum(\.givenBack))
  }
}

extension Site {
  /// The demo of this installation; nil where there is none.
  func landingDemo(_ checkpoints: [PublishedCheckpoint], at now: Instant) async throws -> LandingDemo? {
    try await unlessMissing { () -> LandingDemo? in
      guard let account = try await tenancy.questions.demo()?.value.accountID else { return nil }
      let month = CalendarMonth(of: now)
      let usage = try await tenancy.questions.usage(of: account, months: [month, month.previous])
      let shard = tenancy.shard(of: account)
      return LandingDemo(usage, shard: shard, checkpoints.first { $0.checkpoint.shard == shard })
    } ?? nil
  }
}
