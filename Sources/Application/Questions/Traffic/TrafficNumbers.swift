package import Domain
package import Foundation
import Postgres

/// What a project's requests came to. Told once, when it is made: a chart that is remembered is shown a thousand times.
package struct TrafficNumbers: Sendable, Equatable {
  let cell: TrafficCell

  /// All requests.
  package let calls: Int64
  /// Those that have a response time, over which means and percentiles are.
  package let timedCalls: Int64
  /// Those answered 400 to 499.
  package let errors4xx: Int64
  /// Those answered 500 to 599.
  package let errors5xx: Int64
  /// How many were answered with each status.
  package var statuses: [Tally.Entry] { cell.statuses.entries }
  /// In milliseconds, a decimal rounded at its ninth place; nil without times.
  package let averageResponseTime: String?
  /// In milliseconds.
  package let p50: String?
  /// In milliseconds.
  package let p95: String?
  /// In milliseconds.
  package let p99: String?
  /// In milliseconds, exact.
  package let longestResponseTime: String?

  /// Of a cell.
  init(_ cell: TrafficCell) {
    func percentile(_ share: Percentile) -> String? { cell.percentile(share).map(Self.milliseconds(nanoseconds:)) }
    let timed = cell.timed
    self.cell = cell
    calls = cell.calls
    timedCalls = timed
    errors4xx = cell.statuses.total(of: 400...499)
    errors5xx = cell.statuses.total(of: 500...599)
    (p50, p95, p99) = (percentile(.p50), percentile(.p95), percentile(.p99))
    longestResponseTime = timed > 0 ? Self.milliseconds(nanoseconds: cell.longest) : nil
    averageResponseTime =
      timed > 0 ? Self.milliseconds((cell.sum * 1_000 + UInt128(timed) / 2) / UInt128(timed), places: 9) : nil
  }

  /// Bytes in memory, roughly.
  var weight: Int { 160 + cell.weight }

  /// In milliseconds, within the bound of ``LatencyBuckets``; nil without times.
  package func percentile(_ share: Percentile) -> String? {
    cell.percentile(share).map(Self.milliseconds(nanoseconds:))
  }

  static func milliseconds(nanoseconds: Int64) -> String { JSONText.decimal(millionths: nanoseconds) }

  /// A decimal in its shortest form.
  static func milliseconds(_ value: UInt128, places: Int) -> String {
    let unit = (0..<places).reduce(UInt128(1)) { unit, _ in unit * 10 }
    let (whole, rest) = value.quotientAndRemainder(dividingBy: unit)
    guard rest > 0 else { return String(whole) }
    var decimals = String(unit + rest).dropFirst()
    while decimals.last == "0" { decimals.removeLast() }
    return "\(whole).\(decimals)"
  }
}

/// Whose traffic, of which mode, and of when: from inclusive, to exclusive.
package struct TrafficSpan: Sendable, Hashable {
  /// The project.
  package let project: UUID
  /// Its account.
  package let account: UUID
  /// Live or test.
  package let mode: KeyMode
  /// By the requests' own timestamps.
  package let range: Range<Instant>

  /// A span of a project's traffic.
  package init(project: UUID, of account: UUID, mode: KeyMode, range: Range<Instant>) {
    self.project = project
    self.account = account
    self.mode = mode
    self.range = range
  }

  static let sample = TrafficSpan(project: .sample, of: .sample, mode: .live, range: .sample)

  /// What all questions about traffic begin with.
  func subject(_ shard: Int) -> [any PostgresEncodable] { [Int32(shard), project, mode.rawValue] }
  var bounds: [any PostgresEncodable] { [range.lowerBound, range.upperBound] }

  /// The same to the quarters of an hour that it touches, which is what is counted by; and where detail is no longer kept, to the days
  /// (UTC), which are all that is left.
  func widened(detailFrom: Instant?) -> TrafficSpan {
    guard !range.isEmpty else { return self }
    let keeps = detailFrom ?? .distantPast
    let (from, to) = (range.inQuarters.lowerBound, range.inQuarters.upperBound)
    let first = from < keeps ? from.toDay : from
    let last = to < keeps ? to.upToDay : to
    return TrafficSpan(project: project, of: account, mode: mode, range: first..<max(first, last))
  }
}
