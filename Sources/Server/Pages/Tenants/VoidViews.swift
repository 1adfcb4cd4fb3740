import Application
import Domain
import EventLog

/// A project's voids, the latest first, and the form for another.
struct VoidsView: Sendable {
  let project: ProjectHead
  let account: AccountView
  let mayVoid, isEmpty: Bool
  let from, to, zone: String
  let isTest: Bool
  let general, spanError: String?
  let preview: VoidPreviewView?
  let rows: [Row]
  let next: String?

  struct Row: Sendable {
    let from, to, recorded: Moment
    let mode, events, reason, used, position: String
  }

  init(
    _ project: ListedProject, _ tenant: Tenant, _ page: Page<ListedVoid, Int64>, _ sought: SoughtVoid,
    _ preview: VoidPreviewView?, _ complaint: Complaint?, in calendar: LocalCalendar
  ) {
    self.project = ProjectHead(project)
    account = AccountView(tenant, at: .projects)
    mayVoid = tenant.allows(.manageBilling)
    func field(_ text: String) -> String { calendar.time(ofField: text).map { calendar.field(of: $0) } ?? text }
    (from, to, isTest) = (field(sought.from), field(sought.to), sought.mode == .test)
    zone = calendar.title
    (general, spanError) = (complaint?.general, complaint?.of("from"))
    self.preview = preview
    rows = page.entries.map { Row($0, in: calendar) }
    isEmpty = rows.isEmpty
    next = page.next.map { Place.voids(of: project.id).with([("after", Cursor($0).text)]).path }
  }
}

extension VoidsView.Row {
  fileprivate init(_ void: ListedVoid, in calendar: LocalCalendar) {
    (from, to) = (Moment(void.from, in: calendar), Moment(void.to, in: calendar))
    recorded = Moment(void.recordedAt, in: calendar)
    (mode, events) = (void.mode.rawValue, Text.number(void.events))
    reason = void.reason.shown
    used = void.givesBackQuota ? "given back" : "still used"
    position = Text.number(void.position)
  }
}

/// What a void would take, and the form that does it.
struct VoidPreviewView: Sendable {
  let events: String
  let isEmpty: Bool
  let mode: String
  let from, to: Moment
  let days: [Day]
  let months: [Month]
  let once, reason: String
  let reasonError, nameError: String?
  let longest = Project.maximumReasonLength

  struct Day: Sendable {
    let day, events: String
  }

  struct Month: Sendable {
    let month, events: String
  }

  init(
    _ taken: Voiding.Taken, _ span: Voiding.Span, _ form: Form, _ complaint: Complaint?, once: String,
    in calendar: LocalCalendar
  ) {
    events = "\(Text.number(Int64(taken.events))) \(taken.events == 1 ? "request" : "requests")"
    isEmpty = taken.events == 0
    mode = span.mode.rawValue
    (from, to) = (Moment(span.from, in: calendar), Moment(span.to, in: calendar))
    days = taken.days.map { Day(day: $0.day.dayText, events: Text.number(Int64($0.events))) }
    let byMonth = Dictionary(taken.counts.map { ($0.month, $0.events) }, uniquingKeysWith: +)
    months = byMonth.sorted { $0.key < $1.key }.map { Month(month: $0.key, events: Text.number(Int64($0.value))) }
    self.once = form.once.isEmpty ? once : form.once
    reason = form["reason"]
    (reasonError, nameError) = (complaint?.of("reason"), complaint?.of("name"))
  }
}
