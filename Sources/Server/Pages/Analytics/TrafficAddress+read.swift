import Application
import Domain
import Foundation
import Hummingbird

extension TrafficAddress {
  /// What a call asks for. Throws the problem of a parameter that won't do; what the API reads, it holds against its rules itself.
  init(_ call: PageCall, _ project: UUID) throws { try self.init(ReadParameters(call.request), project) }

  /// The same of parameters, wherever they stand.
  init(_ parameters: ReadParameters, _ project: UUID) throws {
    self.init(project: project)
    mode = try parameters.word("mode", KeyMode.self) ?? .live
    table = try parameters.word("table", Table.self)
    cursor = try parameters.text("cursor")
    for name in TrafficFilterName.allCases { filters[name] = try parameters.text(name.rawValue) }
    try read(parameters)
  }

  /// The same of what is shown to whoever asks: mode and filters are those that it is shown under, whatever the address says.
  init(_ call: PageCall, _ shown: SharedView) throws {
    self.init(project: shown.project.id, base: shown.base)
    (isFixed, mode, filters) = (true, shown.mode, shown.filters)
    try read(ReadParameters(call.request))
  }

  /// What everybody may choose.
  private mutating func read(_ parameters: ReadParameters) throws {
    zone = try parameters.text("time_zone")
    comparison = try parameters.word("compare", ComparedWith.self)
    chart = try parameters.word("chart", Chart.self) ?? .calls
    interval = try parameters.word("interval", LocalCalendar.Unit.self)
    sort = try parameters.word("sort", Sort.self)
    search = try parameters.text("search").map { String($0.prefix(200)) }
    period = try Self.period(parameters)
  }

  private static func period(_ parameters: ReadParameters) throws -> Period {
    let (from, to) = (try parameters.time("from"), try parameters.time("to"))
    switch (from, to) {
    case (let from?, let to?):
      guard from < to else {
        throw parameters.invalid("from", from.description, allowed: "a time before `to`, \(to)")
      }
      return .span(from..<to)
    case (nil, nil): return .recent(try parameters.word("period", Period.Recent.self) ?? .week)
    case (_?, nil): throw parameters.invalid("to", "nothing", allowed: "a time, since from is given")
    case (nil, _?): throw parameters.invalid("from", "nothing", allowed: "a time, since to is given")
    }
  }

  /// Where a form leads that was sent: its days as times, and without its empty fields. Nil where the address is what it should be.
  static func canonical(_ call: PageCall, _ project: UUID, _ page: Page, of visitor: Visitor) throws -> Place? {
    try canonical(call, page, in: visitor.calendar) { try TrafficAddress(call, project) }
  }

  /// - Parameter own: the clocks that go where the address names none.
  static func canonical(
    _ call: PageCall, _ page: Page, in own: LocalCalendar, _ read: () throws -> TrafficAddress
  ) throws -> Place? {
    let parameters = ReadParameters(call.request)
    let (first, last) = (try parameters.text("first_day"), try parameters.text("last_day"))
    let hasEmpty = call.request.uri.queryParameters.contains { $0.value.isEmpty }
    guard hasEmpty || first != nil || last != nil else { return nil }
    var address = try read()
    if let first, let last {
      let calendar = try address.calendar(instead: own).calendar
      guard let from = calendar.day(first), let to = calendar.day(last), from.lowerBound < to.upperBound else {
        throw parameters.invalid(
          "first_day", "\(first) to \(last)", allowed: "two days such as 2026-10-25, the first not after the last")
      }
      address.period = .span(from.lowerBound..<to.upperBound)
      address.interval = nil
    }
    return address.place(page)
  }

  /// The zone that its days are of.
  ///
  /// - Parameter own: the clocks that go where the address names none.
  func calendar(instead own: LocalCalendar) throws -> NamedZone {
    guard let zone else { return NamedZone(name: own.title, calendar: own) }
    guard TimeZoneName.isOne(zone), let found = TimeZone(identifier: zone) else {
      throw Problem(
        .invalidParameter, "time_zone: allowed is a name of the IANA database such as Europe/Berlin or Asia/Kolkata")
    }
    return NamedZone(name: zone, calendar: LocalCalendar(found))
  }
}
