import Application
import Domain
import Foundation

/// What an address of the pages about a project's traffic asks for. All that such a page shows is in it, under the names that the API has.
struct TrafficAddress: Sendable {
  let project: UUID
  /// Where its pages are.
  let base: Place
  /// Whether mode and filters are not the address's to say: they are fixed by what is shown.
  var isFixed = false
  var period = Period.recent(.week)
  var mode = KeyMode.live
  var comparison: ComparedWith?
  var filters: [TrafficFilterName: String] = [:]
  var chart = Chart.calls
  /// Nil: what fits the period.
  var interval: LocalCalendar.Unit?
  /// Whose days they are, where the address says; else those of whoever looks.
  var zone: String?
  /// The one that is shown, or is wanted as a file; nil: the beginning of each.
  var table: Table?
  var sort: Sort?
  /// What endpoints are searched for.
  var search: String?
  /// Where a table goes on.
  var cursor: String?

  /// What the chart draws.
  enum Chart: String, Sendable, CaseIterable {
    case calls, errors, latency
  }

  /// What a page has numbers in: all but the first two and the last can be shown alone, with all their pages.
  enum Table: String, Sendable, CaseIterable {
    case summary, series, endpoints, consumers, releases, requests
  }

  /// What endpoints are in the order of, where that is not calls.
  enum Sort: String, Sendable, CaseIterable {
    case errors, p95
  }

  /// The pages that it may be of.
  enum Page: String, Sendable {
    case overview, requests, explain
  }

  /// - Parameter base: where its pages are; nil: where they are for the account's members.
  init(project: UUID, base: Place? = nil) {
    self.project = project
    self.base = base ?? .project(project)
  }

  /// The same with something else.
  func with(_ change: (inout TrafficAddress) -> Void) -> TrafficAddress {
    var other = self
    change(&other)
    return other
  }

  /// The same with another filter; a table's place is not one of the other's.
  func filtered(_ name: TrafficFilterName, _ value: String?) -> TrafficAddress {
    with {
      $0.filters[name] = value
      ($0.cursor, $0.table, $0.search, $0.sort) = (nil, nil, nil, nil)
    }
  }

  /// Where a value of a table leads that becomes a filter; nil where filters are fixed.
  func place(filtered change: (TrafficAddress) -> TrafficAddress) -> String? {
    isFixed ? nil : change(self).place().path
  }

  func place(_ page: Page = .overview, _ more: [(String, String?)] = []) -> Place {
    home(page).with(fields + more)
  }

  /// Without saying what is shown.
  func home(_ page: Page) -> Place { page == .overview ? base : base.appending(page.rawValue) }

  /// By name, those that say something.
  var fields: [(String, String?)] {
    let modeField: [(String, String?)] = isFixed ? [] : [("mode", mode == .test ? "test" : nil)]
    let shownFilters: [(String, String?)] = isFixed ? [] : filterFields
    return periodFields + modeField + [("compare", comparison?.rawValue)] + shownFilters + [
      ("chart", chart == .calls ? nil : chart.rawValue), ("interval", interval?.rawValue), ("time_zone", zone),
      ("table", table?.rawValue), ("sort", sort?.rawValue), ("search", search), ("cursor", cursor),
    ]
  }

  var filterFields: [(String, String?)] { TrafficFilterName.allCases.map { ($0.rawValue, filters[$0]) } }

  private var periodFields: [(String, String?)] {
    switch period {
    case .recent(let recent): [("period", recent == .week ? nil : recent.rawValue)]
    case .span(let range): [("from", range.lowerBound.description), ("to", range.upperBound.description)]
    }
  }
}

/// What requests are asked for by: names of the API.
enum TrafficFilterName: String, Sendable, CaseIterable {
  case endpoint, template, path, method, status
  case key = "key_id"
  case consumer, release
  case atLeast = "min_ms"
  case atMost = "max_ms"

  /// For people.
  var title: String {
    switch self {
    case .key: "key"
    case .template: "endpoint"
    case .endpoint: "endpoint or path"
    case .atLeast: "at least ms"
    case .atMost: "at most ms"
    case .path, .method, .status, .consumer, .release: rawValue
    }
  }
}
