package import Domain
package import Foundation
import Postgres

/// What a project's requests came to.
package struct TrafficNumbers: Sendable, Equatable {
  let cell: TrafficCell

  /// Of a cell.
  init(_ cell: TrafficCell) { self.cell = cell }

  /// All requests.
  package var calls: Int64 { cell.calls }
  /// Those that have a response time, over which means and percentiles are.
  package var timedCalls: Int64 { cell.timed }
  /// Those answered 400 to 499.
  package var errors4xx: Int64 { cell.statuses.total(of: 400...499) }
  /// Those answered 500 to 599.
  package var errors5xx: Int64 { cell.statuses.total(of: 500...599) }
  /// How many were answered with each status.
  package var statuses: [Tally.Entry] { cell.statuses.entries }
  /// In milliseconds, a decimal rounded at its ninth place; nil without times.
  package var averageResponseTime: String? {
    guard cell.timed > 0 else { return nil }
    let timed = UInt128(cell.timed)
    return Self.milliseconds((cell.sum * 1_000 + timed / 2) / timed, places: 9)
  }
  /// In milliseconds.
  package var p50: String? { percentile(.p50) }
  /// In milliseconds.
  package var p95: String? { percentile(.p95) }
  /// In milliseconds.
  package var p99: String? { percentile(.p99) }
  /// In milliseconds, exact.
  package var longestResponseTime: String? {
    cell.timed > 0 ? Self.milliseconds(UInt128(cell.longest), places: 6) : nil
  }

  /// Bytes in memory, roughly.
  var weight: Int { 96 + 16 * (cell.statuses.entries.count + cell.latency.entries.count) }

  /// In milliseconds, within the bound of ``LatencyBuckets``; nil without times.
  package func percentile(_ share: Percentile) -> String? {
    cell.percentile(share).map { Self.milliseconds(UInt128($0), places: 6) }
  }

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
