import Application
import Domain
import Foundation

/// A table of what was called by something, most called first, or the beginning of one.
struct BreakdownView: Sendable {
  let rows: [Row]
  let isEmpty, isCompared: Bool
  /// All of it, where this is the beginning.
  let all: String?
  /// Where it goes on.
  let next: String?
  let csv, json: String

  /// A row whose name is a link that makes a filter of it, where there is one.
  struct Row: Sendable {
    let name: String
    let path: String?
    /// Of an endpoint.
    let method: String?
    /// Of all that have no row of their own.
    let isRest: Bool
    let calls, refused, failed, average, p95, change: String
    /// Of the calls of all, in thousandths.
    let share: Int
    let shareText: String
  }

  init(
    _ rows: [Row], isCompared: Bool, next cursor: String?, _ table: TrafficAddress.Table, _ address: TrafficAddress
  ) {
    self.rows = rows
    isEmpty = rows.isEmpty
    self.isCompared = isCompared
    let whole = address.with { ($0.table, $0.cursor) = (table, nil) }
    let isWhole = address.table == table
    all = isWhole || cursor == nil ? nil : whole.place().path
    next = isWhole ? cursor.map { cursor in address.with { $0.cursor = cursor }.place().path } : nil
    let here = isWhole ? address : whole
    csv = here.place(.overview, [("format", "csv")]).path
    json = here.place(.overview, [("format", "json")]).path
  }
}

extension BreakdownView.Row {
  init(_ endpoint: EndpointTraffic, of all: Int64, _ address: TrafficAddress) {
    let isRest = endpoint.template == nil
    let path = address.place { $0.filtered(.template, endpoint.template).filtered(.method, endpoint.method) }
    self.init(
      name: endpoint.template?.shown ?? "All others", path: isRest ? nil : path,
      method: endpoint.method?.shown, isRest: isRest, endpoint.numbers, endpoint.counterpart, of: all)
  }

  init(
    _ named: NamedTraffic, by filter: TrafficFilterName, of all: Int64, _ address: TrafficAddress
  ) {
    self.init(
      name: named.name?.shown ?? "All others",
      path: named.name.flatMap { name in address.place { $0.filtered(filter, name) } }, method: nil,
      isRest: named.name == nil, named.numbers, named.counterpart, of: all)
  }

  private init(
    name: String, path: String?, method: String?, isRest: Bool, _ numbers: TrafficNumbers, _ other: Counterpart?,
    of all: Int64
  ) {
    (self.name, self.path, self.method, self.isRest) = (name, path, method, isRest)
    calls = Text.number(numbers.calls)
    refused = Text.share(numbers.errors4xx, of: numbers.calls)
    failed = Text.share(numbers.errors5xx, of: numbers.calls)
    average = Text.milliseconds(numbers.averageResponseTime)
    p95 = Text.milliseconds(numbers.p95)
    share = all > 0 ? Int((Double(numbers.calls) / Double(all) * 1_000).rounded()) : 0
    shareText = Text.share(numbers.calls, of: all)
    change =
      other.map { other in
        guard let before = other.numbers else { return "not known" }
        guard before.calls > 0 else { return numbers.calls > 0 ? "new" : "–" }
        return Change(of: Double(numbers.calls), from: Double(before.calls))?.text ?? "–"
      } ?? ""
  }
}

/// How many were answered with each status.
struct StatusesView: Sendable {
  let rows: [Row]

  struct Row: Sendable {
    let status, css, path, calls, shareText: String
    let share: Int
  }

  init(_ numbers: TrafficNumbers, _ address: TrafficAddress) {
    rows = numbers.statuses.sorted { $0.count > $1.count }.prefix(10).map { entry in
      Row(
        status: String(entry.number), css: "s\(entry.number / 100)",
        path: address.filtered(.status, String(entry.number)).place().path, calls: Text.number(entry.count),
        shareText: Text.share(entry.count, of: numbers.calls),
        share: numbers.calls > 0 ? Int((Double(entry.count) / Double(numbers.calls) * 1_000).rounded()) : 0)
    }
  }
}
