import Application
import Domain
import Foundation

/// What a viewer's page puts in place, as one message of its stream: texts alone, which the page shows as texts.
struct LiveState: Sendable {
  let message: String

  init(_ state: LiveFeed.State, of project: UUID, in calendar: LocalCalendar) {
    let month = state.month
    let data = JSONValue.object([
      "values": .object([
        "used": .string(Text.number(month.used)), "calls": .string(Text.number(month.calls)),
        "remaining": .string(Text.number(month.remaining)), "refused": .string(Text.number(month.refused)),
        "used-share": .string(Text.share(month.used, of: month.quota)),
        "position": .string(Text.number(state.position)),
      ]),
      "used": .integer(Int(month.used)),
      "requests": .array(state.requests.map { .object(Self.row($0, of: project, in: calendar)) }),
    ])
    message = "id: \(state.position)\nevent: state\ndata: \(data.text)\n\n"
  }

  private static func row(
    _ request: FoundRequest, of project: UUID, in calendar: LocalCalendar
  ) -> [String: JSONValue] {
    let row = RequestRow(request, of: project, in: calendar)
    return [
      "path": .string(row.path), "time": .string(row.time.text), "utc": .string(row.time.utc),
      "method": .string(row.method), "endpoint": .string(row.endpoint), "status": .string(row.status),
      "class": .string(row.statusClass), "duration": .string(row.duration), "consumer": .string(row.consumer),
    ]
  }
}

/// A request in a table.
struct RequestRow: Sendable {
  /// Where all about it is.
  let path: String
  let time: Moment
  let method, endpoint, status, statusClass, duration, consumer, release: String

  init(_ request: FoundRequest, of project: UUID, in calendar: LocalCalendar) {
    path = Place.project(project).appending("events").appending(String(request.position)).path
    time = Moment(request.time, in: calendar, .second)
    method = request.method
    endpoint = request.endpoint.shown
    status = String(request.statusCode)
    statusClass = "s\(request.statusCode / 100)"
    duration = Text.milliseconds(request.responseTime)
    consumer = request.consumer?.shown ?? "–"
    release = request.release?.shown ?? "–"
  }
}

/// The page that waits for a first event.
struct FirstEventView: Sendable {
  let project: ProjectHead
  let request: RequestRow?
  let isWaiting, isTest: Bool
  /// Why events were not taken, and how many.
  let reasons: [LedgerView.Reason]
  let hasReasons: Bool
  let live, here: String

  init(
    _ project: ListedProject, _ mode: KeyMode, _ request: FoundRequest?, _ intake: [DayIntake],
    in calendar: LocalCalendar
  ) {
    self.project = ProjectHead(project)
    self.request = request.map { RequestRow($0, of: project.id, in: calendar) }
    isWaiting = request == nil
    isTest = mode == .test
    reasons = LedgerView.reasons(of: intake.map(\.counts))
    hasReasons = !reasons.isEmpty
    let query = [("mode", mode == .test ? "test" : nil as String?)]
    live = Place.project(project.id).appending("live").with(query).path
    here = Place.project(project.id).appending("first-event").with(query).path
  }
}

extension RefusalReason {
  /// For people.
  var text: String {
    switch self {
    case .quota: "refused: the month's quota is used up"
    }
  }
}

extension InvalidReason {
  /// For people.
  var text: String {
    switch self {
    case .malformed: "invalid: a member is missing or is not what it must be; the answer to the call says which"
    case .outsideWindow:
      "invalid: the timestamp is more than 35 days old, or more than 5 minutes ahead: is the clock right?"
    case .idConflict: "invalid: its id had been used for another event"
    case .unknown: "invalid"
    }
  }
}

extension String {
  /// Text from foreigners as a page shows it: short enough for a table, and without what would turn the direction of the text around it. Whole it stands on the
  /// page of its request.
  var shown: String {
    let safe = String(
      String.UnicodeScalarView(unicodeScalars.map { ForeignText.disorders($0) ? Unicode.Scalar(0xFFFD) ?? " " : $0 }))
    return safe.count > 160 ? safe.prefix(159) + "…" : safe
  }
}
