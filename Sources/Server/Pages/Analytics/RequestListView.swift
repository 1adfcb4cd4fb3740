import Application
import Domain
import Foundation

/// Single requests, latest first.
struct RequestListView: Sendable {
  let head: TrafficHeadView
  let project: ProjectHead
  let rows: [Row]
  let isEmpty: Bool
  let next: String?
  /// Why the page ended before it was full, or all was told.
  let stopped: String?
  let first: String?
  let asOf: Moment?
  let position, zone, csv, json: String

  static let length = 50

  struct Row: Sendable {
    let path: String
    let time: Moment
    let method, endpoint, status, statusClass, statusPath, duration: String
    let consumer, release: Name?

    struct Name: Sendable {
      let text, path: String
    }
  }

  init(_ answer: SpanAnswer<RequestPage>, _ asked: TrafficAsked) {
    let (page, address) = (answer.content, asked.address)
    head = TrafficHeadView(asked, .requests)
    project = head.project
    rows = page.requests.map { Row($0, asked) }
    isEmpty = rows.isEmpty
    next = page.next.map { place in
      address.with { $0.cursor = Cursor(place.time, place.position).text }.place(.requests).path
    }
    stopped = Self.stopped(page.stop, at: asked.calendar.text(of: page.searchedFrom, .second))
    first = address.cursor.map { _ in address.with { $0.cursor = nil }.place(.requests).path }
    asOf = answer.answered.asOf.time.map { Moment($0, in: asked.calendar, .second) }
    position = Text.number(answer.answered.asOf.position)
    zone = asked.zone.name
    csv = address.place(.requests, [("format", "csv")]).path
    json = address.place(.requests, [("format", "json")]).path
  }

  /// Why a page is not all there is; nil where it is.
  static func stopped(_ stop: RequestPage.Stop?, at searchedFrom: String) -> String? {
    switch stop {
    case nil: nil
    case .cost:
      "Searched back to \(searchedFrom), which is as much as one page looks at. There may be more before: go on to older requests."
    case .archive:
      "Searched back to \(searchedFrom). What lies before is in an archived month that this server can't read."
    }
  }
}

extension RequestListView.Row {
  init(_ request: FoundRequest, _ asked: TrafficAsked) {
    let row = RequestRow(request, of: asked.project.id, in: asked.calendar)
    let address = asked.address
    (path, time, method, endpoint) = (row.path, row.time, row.method.shown, row.endpoint)
    (status, statusClass, duration) = (row.status, row.statusClass, row.duration)
    statusPath = address.filtered(.status, row.status).place(.requests).path
    func name(_ value: String?, _ filter: TrafficFilterName) -> Name? {
      value.map { Name(text: $0.shown, path: address.filtered(filter, $0).place(.requests).path) }
    }
    consumer = name(request.consumer, .consumer)
    release = name(request.release, .release)
  }
}
