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
  let tenant: Tenant
  /// Those of the account that a key leads to.
  private(set) var projects: [ListedProject] = []
  let zone: NamedZone
  let now: Instant
  let range: Range<Instant>
  let interval: LocalCalendar.Unit

  init(_ call: PageCall, _ site: Site) async throws {
    self.call = call
    let visitor = try call.person()
    (project, tenant) = try await site.homeOfProject(of: call, to: .readNumbers)
    address = try TrafficAddress(call, project.id)
    zone = try address.calendar(of: visitor)
    now = site.clock.now
    range = address.period.range(now: now, in: zone.calendar)
    interval = address.interval ?? .fitting(range)
    try interval.check(range, ReadParameters(call.request), atMost: LocalCalendar.Unit.mostBars)
    projects = try await site.tenancy.questions.projects(of: tenant.account.id, limit: ProjectKey.count).value.entries
  }

  var span: TrafficSpan {
    TrafficSpan(project: project.id, of: tenant.account.id, mode: address.mode, range: range)
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
