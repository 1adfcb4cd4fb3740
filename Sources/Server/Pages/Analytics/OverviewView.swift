import Application
import Domain
import Foundation

/// The page of a project's traffic.
struct OverviewView: Charted {
  let head: TrafficHeadView
  let project: ProjectHead
  let notes: CountedView
  let tiles: [TileView]
  let isCompared: Bool
  let chart: ChartView
  let series: SeriesTableView
  let intervals: [TrafficHeadView.Choice]
  let heatmap: HeatmapView?
  let files: FileLinks
  /// Of endpoints.
  let list: BreakdownView
  /// Those that there are of consumers and of releases.
  let named: [Named]
  let search: EndpointSearchView
  let quiet: QuietEndpointsView?
  let statuses: StatusesView
  let requests: [RequestListView.Row]
  let hasRequests: Bool
  let allRequests: String
  /// Where what moves is told; nil where what is shown does not move.
  let live: String?
  /// Where a first event is waited for; nil where there are calls.
  let first: String?
  /// Nil to whoever sees numbers alone.
  let views: SavedViewsView?
  let marks: MarksView?

  var hasChart: Bool { !chart.isEmpty }

  /// A table with its title.
  struct Named: Sendable {
    let title: String
    let id: String
    let list: BreakdownView

    init(title: String, list: BreakdownView) {
      (self.title, self.list) = (title, list)
      id = title.lowercased()
    }
  }

  init(_ found: OverviewNumbers, _ asked: TrafficAsked, _ kept: NotesView? = nil) {
    (views, marks) = (kept?.views, kept?.marks)
    let (summary, address) = (found.summary.content, asked.address)
    head = TrafficHeadView(asked, .overview)
    project = head.project
    notes = CountedView(found.summary, asked)
    tiles = Figure.allCases.map { TileView($0, summary.numbers, summary.comparison, address) }
    isCompared = summary.comparison != nil
    let table = TrafficSeriesTable(found.series, asked)
    chart = ChartView(
      table, asked, summary: ChartSummary(table, summary, asked).text, marks: kept?.marks?.marks ?? [])
    series = SeriesTableView(table, asked)
    intervals = LocalCalendar.Unit.all(for: asked.range, in: asked.calendar).map { unit in
      TrafficHeadView.Choice(
        "By \(unit.rawValue)", address.with { $0.interval = unit }.place().path, isCurrent: unit == asked.interval)
    }
    heatmap = found.histogram.map { HeatmapView($0, asked) }
    files = FileLinks(.series, address)
    let calls = summary.numbers.calls
    list = BreakdownView(found.endpoints, of: calls, address)
    named = [
      Named(title: "Consumers", list: BreakdownView(found.consumers, .consumers, of: calls, address)),
      Named(title: "Releases", list: BreakdownView(found.releases, .releases, of: calls, address)),
    ].filter { !$0.list.isEmpty }
    search = EndpointSearchView(found.endpoints, asked)
    quiet = found.quiet.map { QuietEndpointsView($0, asked) }
    statuses = StatusesView(summary.numbers, address)
    requests = found.requests.content.requests.map { RequestListView.Row($0, asked) }
    hasRequests = !requests.isEmpty
    allRequests = address.place(.requests).path
    let mode = [("mode", address.mode == .test ? "test" : nil as String?)]
    let moves = address.filters.isEmpty && asked.range.upperBound > asked.now
    live = moves ? Place.project(address.project).appending("live").with(mode).path : nil
    let isNew = calls == 0 && address.filters.isEmpty && asked.range.upperBound > asked.now
    first = isNew ? Place.project(address.project).appending("first-event").with(mode).path : nil
  }
}

extension BreakdownView {
  init(_ list: EndpointList, of calls: Int64, _ address: TrafficAddress) {
    self.init(
      list.entries.map { Row($0, of: calls, address) }, isCompared: list.isCompared, next: list.next, .endpoints,
      address)
  }

  init(
    _ answer: SpanAnswer<Page<NamedTraffic, TrafficRank>>, _ table: TrafficAddress.Table, of calls: Int64,
    _ address: TrafficAddress
  ) {
    let filter = table == .consumers ? TrafficFilterName.consumer : .release
    self.init(
      answer.content.entries.map { Row($0, by: filter, of: calls, address) },
      isCompared: answer.answered.comparison != nil,
      next: answer.content.next.map { Cursor($0.calls, $0.hash).text }, table, address)
  }
}

/// Where the numbers of a table are as files.
struct FileLinks: Sendable {
  let csv, json: String

  init(_ table: TrafficAddress.Table, _ address: TrafficAddress) {
    let address = address.with { $0.table = table }
    csv = address.place(.overview, [("format", "csv")]).path
    json = address.place(.overview, [("format", "json")]).path
  }
}
