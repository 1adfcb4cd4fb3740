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
  /// Of it in the span that it is compared with, where one was asked for.
  package let counterpart: Counterpart?
}

/// How often a raw path was called.
package struct PathTraffic: Sendable, Equatable {
  /// The HTTP method; nil of all paths together that came after a day had as many as it may have.
  package let method: String?
  /// Without its query string; nil likewise.
  package let path: String?
  /// All requests.
  package let calls: Int64
  /// Of it in the span that it is compared with, where one was asked for: its calls alone are known.
  package let counterpart: Counterpart?
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
    counterpart = ranked.counterpart
  }

  /// Of the endpoint that a filter asks for.
  init(_ filter: RequestFilter, _ numbers: ComparedNumbers) {
    (method, template, self.numbers) = (filter.method, filter.template, numbers.own)
    counterpart = numbers.other.map { Counterpart(numbers: $0) }
  }

  private init(_ endpoint: EndpointTraffic, counterpart: Counterpart?) {
    (method, template, numbers) = (endpoint.method, endpoint.template, endpoint.numbers)
    self.counterpart = counterpart
  }

  /// The same, where it can't be told what it is compared with.
  var uncompared: EndpointTraffic {
    EndpointTraffic(self, counterpart: counterpart.map { _ in Counterpart(numbers: nil) })
  }
}

extension Questions {
  /// A page of a project's endpoints, most called first. Throws ``ReadModelMissing``, and `Gap` where the log is not what the read model knows
  /// it to be.
  package func endpoints(
    _ span: TrafficSpan, _ terms: TrafficTerms = TrafficTerms(), after rank: TrafficRank? = nil, limit: Int
  ) async throws -> Answered<Page<EndpointTraffic, TrafficRank>> {
    try await ranking(by: .endpoint, span, terms, after: rank, limit: limit).map { $0.map(EndpointTraffic.init) }
  }

  /// A page of a project's raw paths, most called first. Throws likewise.
  package func paths(
    _ span: TrafficSpan, _ terms: TrafficTerms = TrafficTerms(), after rank: TrafficRank? = nil, limit: Int
  ) async throws -> Answered<Page<PathTraffic, TrafficRank>> {
    try await ranking(by: .path, span, terms, after: rank, limit: limit).map { page in
      page.map { ranked in
        PathTraffic(
          method: ranked.parts?.method, path: ranked.parts?.rest, calls: ranked.total.calls,
          counterpart: ranked.counterpart)
      }
    }
  }

  /// Out of rows where all requests are asked for, otherwise out of the log.
  func ranking(
    by series: TrafficLabel, _ span: TrafficSpan, _ terms: TrafficTerms, after rank: TrafficRank?, limit: Int
  ) async throws -> Answered<Page<RankedLabel, TrafficRank>> {
    let shard = self.shard(of: span.account)
    guard terms.filter.isEmpty else {
      let fold = TrafficFold(length: nil, by: series)
      return try await ofLog(span, terms, fold: fold) { _, own, other in
        Page(own.ranked(after: rank, limit: limit + 1, against: other), limit: limit, place: \.rank)
      }
    }
    let place = rank.map { "\($0.calls) \($0.hash)" } ?? "the first"
    return try await ofRows(span, terms, "\(limit) of \(series.rawValue) after \(place)") { snapshot, spans in
      let labels = try await snapshot.ranked(by: series, spans, shard: shard, after: rank, limit: limit + 1)
      return Page(labels, limit: limit, place: \.rank)
    }
  }
}
