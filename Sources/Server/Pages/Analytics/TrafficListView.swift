import Application
import Domain

/// One table of a project's traffic, with all its pages.
struct TrafficListView: Sendable {
  let head: TrafficHeadView
  let project: ProjectHead
  let notes: CountedView
  let title: String
  let isOfEndpoints: Bool
  /// Whether all of it was counted.
  let isWhole: Bool
  let list: BreakdownView
  let search: EndpointSearchView?
  let back: String

  init(_ summary: SpanAnswer<TrafficSummary>, _ numbers: ProjectNumbers, _ asked: TrafficAsked) async throws {
    let calls = summary.content.numbers.calls
    let address = asked.address
    head = TrafficHeadView(asked, .overview)
    project = head.project
    notes = CountedView(summary, asked)
    back = address.with { ($0.table, $0.cursor, $0.search, $0.sort) = (nil, nil, nil, nil) }.place().path
    switch address.table {
    case .consumers, .releases:
      let table = address.table ?? .consumers
      title = table == .consumers ? "Consumers" : "Releases"
      let found = try await numbers.named(table, asked, limit: EndpointList.length, after: address.cursor)
      (list, search) = (BreakdownView(found, table, of: calls, address), nil)
      isWhole = summary.isWhole && summary.content.top == nil && found.isWhole
    default:
      title = "Endpoints"
      let found = try await EndpointList(numbers, asked)
      (list, search) = (BreakdownView(found, of: calls, address), EndpointSearchView(found, asked))
      isWhole = summary.isWhole && summary.content.top == nil && found.isWhole
    }
    isOfEndpoints = search != nil
  }
}
