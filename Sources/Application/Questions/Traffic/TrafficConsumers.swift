package import Domain
import Foundation

/// A span of what was told apart by one name: a consumer, a release, a key.
package struct NamedTraffic: Sendable, Equatable {
  /// Its name, or a key's id; nil of all together that came after a day had as many as it may have.
  package let name: String?
  /// Of it alone.
  package let numbers: TrafficNumbers
  /// The first and the last day (UTC) of the span on which it was seen.
  package let days: ClosedRange<Instant>?
  /// Of it in the span that it is compared with, where one was asked for.
  package let counterpart: Counterpart?
}

extension Questions {
  /// A page of what a project's traffic was, by consumer, release or key, most calls first. Requests that say nothing of it are in no entry.
  /// Throws ``ReadModelMissing``, and `Gap` where the log is not what the read model knows it to be.
  package func traffic(
    by label: TrafficLabel, _ span: TrafficSpan, _ terms: TrafficTerms = TrafficTerms(), after rank: TrafficRank? = nil,
    limit: Int
  ) async throws -> Answered<Page<NamedTraffic, TrafficRank>> {
    try await ranking(by: label, span, terms, after: rank, limit: limit).map { page in
      page.map { ranked in
        NamedTraffic(
          name: ranked.label.isEmpty ? nil : ranked.label, numbers: TrafficNumbers(ranked.total), days: ranked.days,
          counterpart: ranked.counterpart)
      }
    }
  }
}
