import Domain
import Foundation
import Postgres

/// One call of `log.append()`.
///
/// Single events of the same key and month become one unit, however many callers sent them: what they share is then written,
/// parsed, hashed and read by every projection once, not per event. Each is still decided for itself. Since a unit's events
/// stand side by side, the calls' units are put in another order for the database, and their outcomes back into theirs.
struct AppendCall {
  private let units: [AppendUnit]
  private let shard: Int
  /// For each unit of the call to the database, its index among `units`.
  private let order: [Int]
  private let controls: [UInt8]
  private let texts: [[UInt8]]

  private struct Run: Hashable {
    let key: UUID
    let month: String
  }

  init(_ units: [AppendUnit], shard: Int) {
    self.units = units
    self.shard = shard
    var order: [Int] = []
    var runs: [Run: Int] = [:]
    var singles: [[Int]] = []
    for (index, unit) in units.enumerated() {
      switch unit.body {
      case .whole: order.append(index)
      case .single(let event):
        let run = Run(key: event.source.keyID, month: event.month)
        if let known = runs[run] {
          singles[known].append(index)
        } else {
          runs[run] = singles.count
          singles.append([index])
        }
      }
    }
    var texts = order.map { units[$0].wholeText }
    var textOf = Array(order.indices.map { $0 + 1 })
    for run in singles {
      texts.append(Self.text(of: run.map { units[$0] }))
      order += run
      textOf += run.map { _ in texts.count }
    }
    self.order = order
    self.texts = texts
    controls = Self.controls(order.map { units[$0] }, textOf: textOf)
  }

  var query: Query {
    Query("SELECT * FROM log.append($1, $2, $3)", [Int32(shard), JSONB(controls), TextArray(texts)])
  }

  /// The outcomes in the order of the units given.
  func outcomes(_ rows: Rows) throws -> [UnitOutcome] {
    let decided = try rows.map(UnitOutcome.init(row:))
    var outcomes = decided
    for (index, outcome) in zip(order, decided) { outcomes[index] = outcome }
    return outcomes
  }

  private static func controls(_ units: [AppendUnit], textOf: [Int]) -> [UInt8] {
    var controls: [UInt8] = [UInt8(ascii: "[")]
    controls.reserveCapacity(units.reduce(2) { $0 + $1.control.count + 16 })
    for (index, unit) in units.enumerated() {
      controls += index > 0 ? ",{\"text\":".utf8 : "{\"text\":".utf8
      controls += String(textOf[index]).utf8
      controls.append(UInt8(ascii: ","))
      controls += unit.control
      controls.append(UInt8(ascii: "}"))
    }
    controls.append(UInt8(ascii: "]"))
    return controls
  }

  /// The unit that these single events of one key and month share.
  private static func text(of units: [AppendUnit]) -> [UInt8] {
    let events = units.compactMap(\.singleEvent)
    guard let first = events.first else { return [] }
    var unit = JSONBytes()
    unit.kind(.requestTracked)
    unit.members(first.source.json)
    unit.string("month", first.month)
    if events.contains(where: { $0.id != nil }) { unit.array("event_ids", events.map(\.id)) }
    unit.array("data", elements: Array(events.map(\.data).joined(separator: [UInt8(ascii: ",")])))
    return unit.object()
  }
}

extension AppendUnit {
  fileprivate var wholeText: [UInt8] {
    if case .whole(let text) = body { text } else { [] }
  }

  fileprivate var singleEvent: SingleEvent? {
    if case .single(let event) = body { event } else { nil }
  }
}
