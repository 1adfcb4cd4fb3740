import Domain
import EventLog
import Foundation

/// A label of a series, looked for by its name.
struct SoughtLabel: Sendable {
  let series: TrafficLabel
  let text: String

  var hash: Int64 { SeriesLabel.hash(text.utf8) }
}

extension RequestFilter {
  /// The one label that it asks for, where it asks for nothing else and a series with response times tells that apart.
  var label: SoughtLabel? {
    var only = RequestFilter()
    let label: SoughtLabel
    if let method, let template {
      (only.method, only.template) = (method, template)
      // What no method holds would be told apart from the template by nothing.
      guard !method.contains(" ") else { return nil }
      label = SoughtLabel(series: .endpoint, text: "\(method) \(template)")
    } else if let consumer {
      only.consumer = consumer
      label = SoughtLabel(series: .consumer, text: consumer)
    } else if let release {
      only.release = release
      label = SoughtLabel(series: .release, text: release)
    } else if let key {
      only.key = key
      label = SoughtLabel(series: .key, text: key.uuidString.lowercased())
    } else {
      return nil
    }
    return self == only ? label : nil
  }
}

extension Snapshot {
  /// Days of a project's requests by their beginnings, or of those of a label; nil where on some day those may have been counted among the
  /// rest, since the day had as many labels as it may have before they came.
  nonisolated(nonsending) func days(
    of label: SoughtLabel?, _ span: TrafficSpan, shard: Int, parts: [Instant]
  ) async throws -> [Instant: TrafficDay]? {
    guard let label else { return try await days(span, shard: shard, parts: parts) }
    let all = try await ask(TrafficDaysQuestion(shard: shard, span: span, parts: []))
    let rows = try await ask(
      LabelRowsQuestion(
        shard: shard, span: span, series: label.series, days: all.map(\.at), parts: parts,
        hashes: [label.hash, SeriesLabel.rest]))
    let own = rows.filter { $0.hash == label.hash }.map { ($0.day.at, $0.day) }
    let days = Dictionary(own, uniquingKeysWith: { first, _ in first })
    return rows.allSatisfy { days[$0.day.at] != nil } ? days : nil
  }
}
