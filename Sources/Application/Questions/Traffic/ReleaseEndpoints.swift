package import Domain
import EventLog
package import Foundation

/// What became of a project's endpoints with a release.
package struct ReleaseEndpoints: Sendable {
  /// Where the quarter of an hour begins in which a request named the release first, of what is kept.
  package let firstSeen: Instant
  /// Those called within the window before or after, most called first.
  package let page: Page<ReleaseEndpoint, TrafficRank>
}

/// An endpoint before and after a release was first seen: all its requests, whatever release served them.
package struct ReleaseEndpoint: Sendable, Equatable {
  /// The HTTP method; nil of all endpoints together that came after a day had as many as it may have.
  package let method: String?
  /// The path's template; nil likewise.
  package let template: String?
  /// From the window's beginning until the release was first seen.
  package let before: TrafficNumbers
  /// From then until the window's end.
  package let after: TrafficNumbers
}

extension Questions {
  /// A page of a project's endpoints before and after a release was first seen, those most called in both together first. Nil of a release
  /// that no request names of what is kept. The answer's range is both together: it begins later where detail does.
  ///
  /// - Parameters:
  ///   - window: how long to look before and after: whole quarters of an hour.
  package func endpoints(
    ofRelease release: String, project: UUID, of account: UUID, mode: KeyMode, window: Duration,
    after rank: TrafficRank? = nil, limit: Int
  ) async throws -> Answered<ReleaseEndpoints?> {
    let shard = self.shard(of: account)
    let asked = ReleaseWindow(project: project, account: account, mode: mode, release: release, window: window)
    let found = try await snapshot(of: "traffic", shard: shard) { snapshot in
      try await snapshot.endpoints(asked, shard: shard, after: rank, limit: limit)
    }
    return Answered(found.value.endpoints, found.asOf, detailFrom: found.value.detailFrom, range: found.value.range)
  }
}

/// Of which release what is asked.
private struct ReleaseWindow: Sendable {
  let project, account: UUID
  let mode: KeyMode
  let release: String
  let window: Duration

  func span(_ range: Range<Instant>) -> TrafficSpan {
    TrafficSpan(project: project, of: account, mode: mode, range: range)
  }

  struct Found: Sendable {
    let detailFrom: Instant?
    var range: Range<Instant>?
    var endpoints: ReleaseEndpoints?
  }
}

extension Snapshot {
  fileprivate nonisolated(nonsending) func endpoints(
    _ asked: ReleaseWindow, shard: Int, after rank: TrafficRank?, limit: Int
  ) async throws -> ReleaseWindow.Found {
    let detailFrom = try await ask(RetentionOfTrafficQuestion(shard: shard, project: asked.project)).first
    let kept = asked.span((detailFrom ?? .epoch)..<Era.instants.upperBound)
    guard let seen = try await firstSeen(asked.release, by: .release, kept, shard: shard) else {
      return ReleaseWindow.Found(detailFrom: detailFrom)
    }
    let both = asked.span(max(seen - asked.window, kept.range.lowerBound)..<seen + asked.window)
    let ranked = try await ranked(by: .endpoint, both, shard: shard, after: rank, limit: limit + 1)
    let page = Page(ranked, limit: limit, place: \.rank)
    let endpoints = try await compared(page.entries, at: seen, both, shard: shard)
    return ReleaseWindow.Found(
      detailFrom: detailFrom, range: both.range,
      endpoints: ReleaseEndpoints(firstSeen: seen, page: Page(entries: endpoints, next: page.next)))
  }

  /// Where the first quarter of an hour begins that holds a request of a label; nil where none does.
  private nonisolated(nonsending) func firstSeen(
    _ label: String, by series: TrafficLabel, _ span: TrafficSpan, shard: Int
  ) async throws -> Instant? {
    let hash = SeriesLabel.hash(label.utf8)
    let blocks = try await ask(LabelRanksQuestion(shard: shard, span: span, series: series, whole: span.range))
    guard let day = blocks.first(where: { $0.ranks.calls(of: hash) > 0 })?.at else { return nil }
    let rows = try await ask(
      LabelRowsQuestion(shard: shard, span: span, series: series, days: [day], parts: [day], hashes: [hash]))
    let quarter = rows.first?.day.quarters?.cells.first { $0.cell.calls > 0 }
    return quarter.map { day + .minutes(15 * Int64($0.place)) }
  }

  /// Some endpoints on both sides of a moment.
  private nonisolated(nonsending) func compared(
    _ ranked: [RankedLabel], at moment: Instant, _ span: TrafficSpan, shard: Int
  ) async throws -> [ReleaseEndpoint] {
    let (before, after) = (span.range.lowerBound..<moment, moment..<span.range.upperBound)
    let days = stride(from: before.lowerBound.day, to: after.upperBound.upToDay.day, by: 1).map { Instant(day: $0) }
    let parts = Set((SpanDays(before).parts + SpanDays(after).parts).map(\.day))
    let rows = try await ask(
      LabelRowsQuestion(
        shard: shard, span: span, series: .endpoint, days: days, parts: Array(parts), hashes: ranked.map(\.rank.hash)))
    let byHash = Dictionary(grouping: rows, by: \.hash)
    return ranked.map { label in
      let found = (byHash[label.rank.hash] ?? []).map { ($0.day.at, $0.day) }
      let days = Dictionary(found, uniquingKeysWith: { first, _ in first })
      let whole = EndpointTraffic(label)
      return ReleaseEndpoint(
        method: whole.method, template: whole.template, before: TrafficNumbers(days.total(of: before)),
        after: TrafficNumbers(days.total(of: after)))
    }
  }
}
