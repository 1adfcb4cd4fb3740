import Application
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// A page about a project's traffic as it was asked for: whose, of when, by what, and the calls of the API that it is made of.
struct TrafficAsked: Sendable {
  let call: PageCall
  let address: TrafficAddress
  let project: ListedProject
  /// Nil for whoever is no member: they are told nothing of the account.
  let tenant: Tenant?
  /// Those of the account that a key leads to.
  private(set) var projects: [ListedProject] = []
  let zone: NamedZone
  let now: Instant
  let range: Range<Instant>
  let interval: LocalCalendar.Unit

  init(_ call: PageCall, _ site: Site) async throws {
    let visitor = try call.person()
    let (project, tenant) = try await site.homeOfProject(of: call, to: .readNumbers)
    try self.init(
      call, TrafficAddress(call, project.id), of: project, tenant, in: visitor.calendar, now: site.clock.now)
    projects = try await site.tenancy.questions.projects(of: tenant.account.id, limit: ProjectKey.count).value.entries
  }

  /// What is shown to whoever asks. Days are UTC's where the address names no zone: the page is the same for everybody.
  init(_ call: PageCall, _ shown: SharedView, now: Instant) throws {
    try self.init(
      call, TrafficAddress(call, shown), of: shown.project, nil, in: LocalCalendar(.gmt), now: now)
  }

  private init(
    _ call: PageCall, _ address: TrafficAddress, of project: ListedProject, _ tenant: Tenant?, in own: LocalCalendar,
    now: Instant
  ) throws {
    (self.call, self.address, self.project, self.tenant, self.now) = (call, address, project, tenant, now)
    zone = try address.calendar(instead: own)
    range = address.period.range(now: now, in: zone.calendar)
    interval = address.interval ?? .fitting(range)
    try interval.check(range, ReadParameters(call.request), atMost: LocalCalendar.Unit.mostBars)
  }

  var span: TrafficSpan {
    TrafficSpan(project: project.id, of: project.accountID, mode: address.mode, range: range)
  }

  /// When, while nothing happens, something else is shown but at the quarters of an hour: where the span begins and ends, and each minute where the chart's bar
  /// of it is told to be unfinished.
  var moments: [Instant] {
    [range.lowerBound, range.upperBound] + (interval == .minute ? [now.toMinute + .minutes(1)] : [])
  }

  var calendar: LocalCalendar { zone.calendar }

  /// Where the API answers the same.
  func apiPlace(_ part: String, _ more: [(String, String?)] = []) -> Place {
    Place.api(of: project.id, part).with(spanFields + more)
  }

  /// A call of the API as it would come from outside, whose parameters the operation reads itself.
  func apiCall(_ operation: Operation, _ place: Place) -> Call {
    let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: place.path)
    return Call(
      operation: operation, request: Request(head: head, body: RequestBody(buffer: ByteBuffer())),
      context: call.context)
  }

  private var spanFields: [(String, String?)] {
    [
      ("mode", address.mode.rawValue), ("from", range.lowerBound.description), ("to", range.upperBound.description),
    ]
  }

  /// What numbers are asked with: filters, comparison, and whose days they are.
  var terms: [(String, String?)] {
    address.filterFields + [("compare", address.comparison?.rawValue), ("time_zone", zone.name)]
  }
}
