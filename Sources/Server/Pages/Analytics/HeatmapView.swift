import Application
import Domain
import Foundation

/// How many calls took how long in each interval: the darker, the more.
struct HeatmapView: Sendable {
  let cells: [Cell]
  let rows: [Row]
  let height: String
  let summary: String

  struct Cell: Sendable {
    let x, y, width, kind, title: String
  }

  struct Row: Sendable {
    let y, text: String
  }

  private static let rowHeight = 14
  /// Where rows begin, in milliseconds: thrice a decade, as people tell times.
  private static let bounds: [Double] = [
    0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000,
  ]

  init(_ answer: SpanAnswer<LatencyAnswer>, _ asked: TrafficAsked) {
    let range =
      min(asked.range.lowerBound, answer.range.lowerBound)..<max(asked.range.upperBound, answer.range.upperBound)
    let line = TimeLine(range, by: asked.interval, in: asked.calendar, now: asked.now)
    let points = Dictionary(
      answer.content.latency.points.map { ($0.time, Self.counts($0.numbers)) }, uniquingKeysWith: { first, _ in first })
    let used = points.values.flatMap(\.keys)
    let (lowest, highest) = (used.min() ?? 0, used.max() ?? 0)
    let most = points.values.flatMap(\.values).max() ?? 0
    let slots = line.pieces.indices.map { Slot(index: $0, of: line.pieces.count) }
    func y(_ row: Int) -> Int { (highest - row) * Self.rowHeight }
    cells = zip(line.pieces, slots).flatMap { piece, slot in
      (points[piece.start] ?? [:]).sorted { $0.key < $1.key }.map { row, calls in
        Cell(
          x: ChartScale.percent(slot.x), y: String(y(row)), width: ChartScale.percent(slot.width),
          kind: "h\(Self.step(calls, of: most))",
          title: "\(piece.text), \(Self.text(row)): \(Text.calls(calls))")
      }
    }
    rows = used.isEmpty ? [] : (lowest...highest).map { Row(y: String(y($0) + 11), text: Self.text($0)) }
    height = String((highest - lowest + 1) * Self.rowHeight)
    let timed = answer.content.latency.numbers
    summary =
      "\(Text.number(timed.timedCalls)) calls by how long they took: from \(Self.text(lowest)) up to \(Self.text(highest))."
  }

  private static func counts(_ numbers: TrafficNumbers) -> [Int: Int64] {
    numbers.buckets.reduce(into: [:]) { counts, bucket in
      let lower = Double(bucket.lower) ?? 0
      counts[(bounds.lastIndex { $0 <= lower } ?? 0), default: 0] += bucket.calls
    }
  }

  /// One of five, by the order of size: a few slow ones are seen beside many quick ones.
  private static func step(_ calls: Int64, of most: Int64) -> Int {
    guard most > 1 else { return 5 }
    return 1 + Int((4 * log(Double(calls)) / log(Double(most))).rounded())
  }

  private static func text(_ row: Int) -> String {
    let bound = bounds[row]
    if row == 0 { return "< 1 ms" }
    return bound < 1_000 ? "\(Int(bound)) ms" : "\(Int(bound / 1_000)) s"
  }
}
