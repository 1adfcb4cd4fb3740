import Application
import Domain

/// The page of a project that is shown to whoever asks. What tells of the account or of other projects is not in it: no ids, no positions of the log, no
/// tier, no key, no consumer.
struct SharedPageView: Sendable {
  let name: String
  let isTest: Bool
  let head: Head
  let pills: [Pill]
  let notes: Notes
  let tiles: [TileView]
  let chart: ChartView
  let series: SeriesTableView
  let intervals: [TrafficHeadView.Choice]
  let heatmap: HeatmapView?
  let csv: String
  /// Of endpoints.
  let list: BreakdownView
  let search: EndpointSearchView
  let statuses: StatusesView
  /// Of releases; none where no call says one.
  let named: [OverviewView.Named]
  let asked: Moment

  /// Of when the numbers are, and what they are compared with.
  struct Head: Sendable {
    let periods, comparisons: [TrafficHeadView.Choice]
    let span, zone, earlier, action, firstDay, lastDay: String
    let later: String?
    /// What the form for days sends beside them, and that for a zone.
    let kept, keptOfZone: [TrafficHeadView.Kept]
  }

  /// A filter that it is shown under.
  struct Pill: Sendable {
    let name, value: String
  }

  struct Notes: Sendable {
    let stopped, forgotten: String?
  }

  init(_ found: SharedNumbers, _ asked: TrafficAsked, now: Instant) {
    let (summary, address) = (found.summary.content, asked.address)
    (name, isTest) = (asked.project.name, address.mode == .test)
    head = Head(asked)
    pills = TrafficFilterName.allCases.compactMap { name in address.filters[name].map { Pill(name, $0) } }
    let counted = CountedView(found.summary, asked)
    notes = Notes(stopped: counted.stopped, forgotten: counted.forgotten)
    tiles = Figure.allCases.map { TileView($0, summary.numbers, summary.comparison, address) }
    let table = TrafficSeriesTable(found.series, asked)
    chart = ChartView(table, asked, summary: ChartSummary(table, summary, asked).text)
    series = SeriesTableView(table, asked)
    intervals = LocalCalendar.Unit.all(for: asked.range, in: asked.calendar).map { unit in
      TrafficHeadView.Choice(
        "By \(unit.rawValue)", address.with { $0.interval = unit }.place().path, isCurrent: unit == asked.interval)
    }
    heatmap = found.histogram.map { HeatmapView($0, asked) }
    csv = FileLinks(.series, address).csv
    let calls = summary.numbers.calls
    list = BreakdownView(found.endpoints, of: calls, address)
    search = EndpointSearchView(found.endpoints, asked)
    statuses = StatusesView(summary.numbers, address)
    let releases = BreakdownView(found.releases, .releases, of: calls, address)
    named = releases.isEmpty ? [] : [OverviewView.Named(title: "Releases", list: releases)]
    // To the minute: else nobody's page would be what it was a second ago.
    self.asked = Moment(now, in: asked.calendar)
  }
}

extension SharedPageView.Head {
  fileprivate init(_ asked: TrafficAsked) {
    let head = TrafficHeadView(asked, .overview)
    (periods, comparisons) = (head.periods, head.comparisons)
    (span, zone, earlier, later) = (head.span, head.zone, head.earlier, head.later)
    (action, firstDay, lastDay, kept) = (head.action, head.firstDay, head.lastDay, head.kept)
    keptOfZone = asked.address.with { $0.zone = nil }.fields.compactMap { name, value in
      value.map { TrafficHeadView.Kept(name: name, value: $0) }
    }
  }
}

extension SharedPageView.Pill {
  /// Whose numbers they are, where they are of one consumer or key, is between whoever made the link and whoever has it.
  fileprivate init(_ filter: TrafficFilterName, _ text: String) {
    name = filter.title
    value = filter == .consumer || filter == .key ? "one, not named here" : text.shown
  }
}
