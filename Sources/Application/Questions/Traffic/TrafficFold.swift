import Domain
import EventLog
import Foundation

/// Counts requests by time and by label, as a walk hands them out: latest first, so that those of its end, which is all that there is of a
/// walk that stops early, are all there.
struct TrafficFold: RequestSink {
  /// A label, as far as it has been counted.
  struct Label {
    let text: [UInt8]
    var total = TrafficCell()
    /// When it was called first and last, in milliseconds since 1970.
    var times: ClosedRange<Int64>?

    /// The days (UTC).
    var days: ClosedRange<Instant>? {
      times.map { Instant(milliseconds: $0.lowerBound).toDay...Instant(milliseconds: $0.upperBound).toDay }
    }
  }

  /// A request that has been taken and does not count yet.
  private struct Sample {
    let time: Int64
    let status: Int
    let nanoseconds: Int64?
    let label: Int?
  }

  /// What is beyond counts under the label that is empty: a count holds no more in memory.
  static let mostLabels = 50_000
  private static let mostBytes = 8 << 20

  /// By the beginning of each, in milliseconds since 1970.
  private(set) var cells: [Int64: TrafficCell] = [:]
  private(set) var labels: [Label] = []

  private let length: Int64?
  private let series: TrafficLabel?
  private var indexes: [LabelBytes: Int] = [:]
  /// Of the labels' texts.
  private var bytes = 0
  private var pending: [Sample] = []
  /// Where the next label is written, so that only a new one costs memory.
  private var scratch: [UInt8] = []

  /// - Parameter length: of a cell, in milliseconds; nil: all is one.
  /// - Parameter series: what labels are; nil: none.
  init(length: Int64?, by series: TrafficLabel? = nil) {
    self.length = length
    self.series = series
  }

  /// All that was counted.
  var total: TrafficCell { cells.values.reduce(into: TrafficCell()) { $0.add($1) } }

  /// The labels that were called most, after a rank.
  func ranked(after rank: TrafficRank?, limit: Int) -> [RankedLabel] {
    let called = labels.filter { $0.total.calls > 0 }
    let byHash = Dictionary(called.map { (SeriesLabel.hash($0.text), $0) }, uniquingKeysWith: { first, _ in first })
    return TrafficRank.first(limit, of: byHash.mapValues(\.total.calls), after: rank).compactMap { rank in
      byHash[rank.hash].map { label in
        RankedLabel(
          rank: rank, label: String(decoding: label.text, as: UTF8.self), total: label.total, days: label.days)
      }
    }
  }

  /// What it has of a label of another count. What counts among the rest there, or here, can't be told.
  func counterpart(of label: RankedLabel) -> Counterpart {
    guard !label.label.isEmpty else { return Counterpart(numbers: nil) }
    if let index = indexes[LabelBytes(bytes: Array(label.label.utf8))] {
      return Counterpart(numbers: TrafficNumbers(labels[index].total))
    }
    return Counterpart(numbers: indexes[LabelBytes(bytes: [])] == nil ? TrafficNumbers(TrafficCell()) : nil)
  }

  var last: RequestPlace? { nil }

  mutating func take(_ unit: TrackedUnit, where isWanted: (Int64, borrowing StoredRequest) -> Bool) throws {
    let key = series == .key ? Array(unit.key.uuidString.lowercased().utf8) : []
    try unit.forEach { position, request in
      guard isWanted(position, request) else { return }
      pending.append(
        Sample(
          time: request.timestamp, status: request.status, nanoseconds: request.time, label: label(of: request, key)))
    }
  }

  mutating func settle(downTo time: Int64) -> Bool {
    guard !pending.isEmpty else { return false }
    var later: [Sample] = []
    for sample in pending {
      if sample.time >= time { count(sample) } else { later.append(sample) }
    }
    pending = later
    return false
  }

  private mutating func count(_ sample: Sample) {
    let start = length.map { sample.time.dividedRoundingDown(by: $0) * $0 } ?? 0
    cells[start, default: TrafficCell()].add(status: sample.status, time: sample.nanoseconds)
    guard let label = sample.label else { return }
    labels[label].total.add(status: sample.status, time: sample.nanoseconds)
    let times = labels[label].times ?? sample.time...sample.time
    labels[label].times = min(times.lowerBound, sample.time)...max(times.upperBound, sample.time)
  }

  private mutating func label(of request: borrowing StoredRequest, _ key: [UInt8]) -> Int? {
    guard let series else { return nil }
    scratch.removeAll(keepingCapacity: true)
    guard series.append(labelOf: request, key, to: &scratch) else { return nil }
    if let index = indexes[LabelBytes(bytes: scratch)] { return index }
    // A copy of its own: the scratch goes on being written to.
    let hasRoom = indexes.count < Self.mostLabels && bytes + scratch.count <= Self.mostBytes
    let text = hasRoom ? Array(scratch[...]) : []
    if let index = indexes[LabelBytes(bytes: text)] { return index }
    bytes += text.count
    indexes[LabelBytes(bytes: text)] = labels.count
    labels.append(Label(text: text))
    return labels.count - 1
  }
}

extension TrafficLabel {
  /// Appends the label that a request has in the series, whose key is a text of its id; false where it has none.
  fileprivate func append(labelOf request: borrowing StoredRequest, _ key: [UInt8], to label: inout [UInt8]) -> Bool {
    switch self {
    case .endpoint, .path:
      request.append(.method, to: &label)
      label.append(UInt8(ascii: " "))
      let start = label.count
      request.append(self == .path ? .endpoint : .template, to: &label)
      if self == .path, let query = label[start...].firstIndex(of: UInt8(ascii: "?")) { label.removeSubrange(query...) }
    case .consumer:
      guard request.has(.consumer) else { return false }
      request.append(.consumer, to: &label)
    case .release:
      guard request.has(.release) else { return false }
      request.append(.release, to: &label)
    case .key: label.append(contentsOf: key)
    }
    return true
  }
}
