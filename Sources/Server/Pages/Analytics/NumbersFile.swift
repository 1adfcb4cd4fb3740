import Application
import Domain
import Foundation
import Hummingbird

/// What a page shows, as a file: JSON is the API's own answer, CSV the table.
enum NumbersFile {
  enum Format: String, CaseIterable, Sendable {
    case csv, json
  }

  /// Nil where the page itself is asked for.
  static func asked(
    _ asked: TrafficAsked, _ numbers: ProjectNumbers, instead table: TrafficAddress.Table
  ) async throws -> PageAnswer? {
    guard let format = try ReadParameters(asked.call.request).word("format", Format.self) else { return nil }
    switch format {
    case .csv: return try await csv(of: table, asked, numbers)
    case .json:
      return .file(try await TableFile(table, asked, numbers).json.text, type: "application/json", name: nil)
    }
  }

  /// A table as CSV.
  static func csv(
    of table: TrafficAddress.Table, _ asked: TrafficAsked, _ numbers: ProjectNumbers
  ) async throws -> PageAnswer {
    .file(
      try await TableFile(table, asked, numbers).csv.text, type: "text/csv; charset=utf-8; header=present",
      name: "\(table.rawValue).csv")
  }
}

/// A table of a page, with the numbers that stand on it.
private struct TableFile {
  let csv: CSV
  let json: JSONValue

  init(_ table: TrafficAddress.Table, _ asked: TrafficAsked, _ numbers: ProjectNumbers) async throws {
    switch table {
    case .summary: self.init(try await numbers.summary(asked))
    case .series: self.init(try await numbers.series(asked), asked)
    case .endpoints: try await self.init(endpoints: numbers, asked)
    case .consumers, .releases:
      let named = try await numbers.named(table, asked, limit: EndpointList.length, after: asked.address.cursor)
      self.init(named, table)
    case .requests:
      self.init(try await numbers.requests(asked, limit: RequestListView.length, after: asked.address.cursor))
    }
  }

  private init(_ answer: SpanAnswer<TrafficSummary>) {
    json = ReadRoutes.summaryShape.json(answer)
    var csv = CSV(columns: ["from", "to"] + NumberCells.columns + ["apdex"])
    func row(_ range: Range<Instant>, _ numbers: TrafficNumbers) -> [String] {
      let apdex = Figure.apdex.value(numbers).map { String(format: "%.6f", locale: nil, $0) } ?? ""
      return [range.lowerBound.description, range.upperBound.description] + NumberCells.cells(numbers) + [apdex]
    }
    csv.add(row(answer.range, answer.content.numbers))
    if let other = answer.content.comparison, let span = answer.answered.comparison {
      csv.add(row(span.range, other))
    }
    self.csv = csv
  }

  private init(_ answer: SpanAnswer<TrafficSeries>, _ asked: TrafficAsked) {
    json = ReadRoutes.seriesShape.json(answer)
    let table = TrafficSeriesTable(answer, asked)
    let before = table.isCompared ? NumberCells.comparedColumns : []
    let kinds = StatusClass.allCases
    var csv = CSV(columns: ["time", "local_time"] + NumberCells.columns + kinds.map { "calls_\($0.title)" } + before)
    for row in table.rows {
      guard let numbers = row.numbers else { continue }
      csv.add(
        [row.piece.start.description, row.piece.text] + NumberCells.cells(numbers)
          + kinds.map { String(numbers.calls(of: $0)) } + (table.isCompared ? NumberCells.cells(row.other) : []))
    }
    self.csv = csv
  }

  private init(endpoints numbers: ProjectNumbers, _ asked: TrafficAsked) async throws {
    let list = try await EndpointList(numbers, asked)
    json = list.json
    var csv = CSV(
      columns: ["method", "template"] + NumberCells.columns + (list.isCompared ? NumberCells.comparedColumns : []))
    for endpoint in list.entries {
      csv.add(
        [endpoint.method ?? "", endpoint.template ?? ""] + NumberCells.cells(endpoint.numbers)
          + (list.isCompared ? NumberCells.cells(endpoint.counterpart?.numbers) : []))
    }
    self.csv = csv
  }

  private init(_ answer: SpanAnswer<Page<NamedTraffic, TrafficRank>>, _ table: TrafficAddress.Table) {
    let isCompared = answer.answered.comparison != nil
    json = (table == .consumers ? BreakdownRoutes.consumersShape : BreakdownRoutes.releasesShape).json(answer)
    var csv = CSV(
      columns: [table == .consumers ? "consumer" : "release"] + NumberCells.columns
        + (isCompared ? NumberCells.comparedColumns : []))
    for entry in answer.content.entries {
      csv.add(
        [entry.name ?? ""] + NumberCells.cells(entry.numbers)
          + (isCompared ? NumberCells.cells(entry.counterpart?.numbers) : []))
    }
    self.csv = csv
  }

  private static let requestColumns = [
    "timestamp", "method", "path", "template", "status_code", "response_time_ms", "consumer", "release", "error",
    "request_bytes", "response_bytes", "key_id", "id", "ordinal", "position", "recorded_at",
  ]

  private init(_ answer: SpanAnswer<RequestPage>) {
    json = RequestShapes.page.json(answer)
    var csv = CSV(columns: Self.requestColumns)
    for request in answer.content.requests {
      let members = RequestShapes.request.members(request)
      csv.add(Self.requestColumns.map { members[$0]?.cell ?? "" })
    }
    self.csv = csv
  }
}

/// Numbers as cells: what the API answers under the same names.
private enum NumberCells {
  static let columns = [
    "total_calls", "errors_4xx", "errors_5xx", "error_rate_4xx", "error_rate_5xx", "timed_calls",
    "average_response_time_ms", "p50_response_time_ms", "p95_response_time_ms", "p99_response_time_ms",
    "max_response_time_ms",
  ]
  static let comparedColumns = columns.map { "comparison_\($0)" }

  static func cells(_ numbers: TrafficNumbers?) -> [String] {
    let members = numbers.map(TrafficShapes.numbers.members) ?? [:]
    return columns.map { members[$0]?.cell ?? "" }
  }
}
