import Domain
import EventLog
import Foundation

/// A span of an endpoint's traffic.
package struct EndpointTraffic: Sendable, Equatable {
  /// The HTTP method; nil of all endpoints together that came after a day had as many as it may have.
  package let method: String?
  /// The path's template; nil likewise.
  package let template: String?
  /// Of the endpoint alone.
  package let numbers: TrafficNumbers
}

/// How often a raw path was called.
package struct PathTraffic: Sendable, Equatable {
  /// The HTTP method; nil of all paths together that came after a day had as many as it may have.
  package let method: String?
  /// Without its query string; nil likewise.
  package let path: String?
  /// All requests.
  package let calls: Int64
}

/// A place in the ranking of endpoints, or paths, by calls.
package struct TrafficRank: Sendable, Hashable {
  /// How often it was called.
  package let calls: Int64
  /// Of its label: what decides where calls tie.
  package let hash: Int64

  /// A place.
  package init(calls: Int64, hash: Int64) {
    self.calls = calls
    self.hash = hash
  }

  /// Whether it stands before another.
  private func precedes(_ other: TrafficRank) -> Bool {
    calls == other.calls ? hash < other.hash : calls > other.calls
  }

  /// The first of some labels, after a place, in order.
  static func first(_ limit: Int, of calls: [Int64: Int64], after rank: TrafficRank?) -> [TrafficRank] {
    var first: [TrafficRank] = []
    for (hash, count) in calls {
      let found = TrafficRank(calls: count, hash: hash)
      if let rank, !rank.precedes(found) { continue }
      if first.count == limit, let last = first.last, !found.precedes(last) { continue }
      first.insert(found, at: first.partitioningIndex { found.precedes($0) })
      if first.count > limit { first.removeLast() }
    }
    return first
  }
}

extension [TrafficRank] {
  /// The first index of which something is true that is true of all that follow.
  fileprivate func partitioningIndex(where isAfter: (TrafficRank) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension RankedLabel {
  /// What stands before the first space, and after it; nil of all that had no label.
  fileprivate var parts: (method: String, rest: String)? {
    guard let space = label.firstIndex(of: " ") else { return nil }
    return (String(label[..<space]), String(label[label.index(after: space)...]))
  }
}

extension EndpointTraffic {
  init(_ ranked: RankedLabel) {
    let parts = ranked.parts
    (method, template, numbers) = (parts?.method, parts?.rest, TrafficNumbers(ranked.total))
  }
}

extension Questions {
  /// A page of a project's endpoints, most called first.
  package func endpoints(
    _ span: TrafficSpan, after rank: TrafficRank? = nil, limit: Int
  ) async throws -> Answered<Page<EndpointTraffic, TrafficRank>> {
    try await ranking(by: .endpoint, span, after: rank, limit: limit).map { $0.map(EndpointTraffic.init) }
  }

  /// A page of a project's raw paths, most called first.
  package func paths(
    _ span: TrafficSpan, after rank: TrafficRank? = nil, limit: Int
  ) async throws -> Answered<Page<PathTraffic, TrafficRank>> {
    try await ranking(by: .path, span, after: rank, limit: limit).map { page in
      page.map { ranked in
        PathTraffic(method: ranked.parts?.method, path: ranked.parts?.rest, calls: ranked.total.calls)
      }
    }
  }

  func ranking(
    by series: TrafficLabel, _ span: TrafficSpan, after rank: TrafficRank?, limit: Int
  ) async throws -> Answered<Page<RankedLabel, TrafficRank>> {
    let shard = self.shard(of: span.account)
    let place = rank.map { "\($0.calls) \($0.hash)" } ?? "the first"
    let found = try await traffic(span, "\(limit) of \(series.rawValue) after \(place)") { snapshot, span, _ in
      try await snapshot.ranked(by: series, span, shard: shard, after: rank, limit: limit + 1)
    }
    return found.map { Page($0, limit: limit, place: \.rank) }
  }
}
