import Application
import Domain
import Foundation

/// What stands atop every page about a project's traffic: where one is, of when and of what the numbers are.
struct TrafficHeadView: Sendable {
  let project: ProjectHead
  let tabs: [Choice]
  let periods, modes, comparisons: [Choice]
  /// The account's projects that a digit leads to.
  let switcher: [Choice]
  let hasOthers: Bool
  let hasComparisons: Bool
  /// How long what is shown lasts, in words: `2026-11-20 00:00 to 2026-11-27 14:15`.
  let span, zone: String
  let earlier: String
  let later: String?
  let pills: [Pill]
  let hasPills: Bool
  let unfiltered: String
  let form: FilterForm
  let firstDay, lastDay: String
  /// What the form for days sends beside them.
  let kept: [Kept]
  let action: String

  struct Choice: Sendable {
    let title, path: String
    let isCurrent: Bool
    /// The tier that it takes; nil: one has it.
    let lock: String?
    /// The key that leads there; nil: none does.
    let key: String?

    init(_ title: String, _ path: String, isCurrent: Bool, lock: String? = nil, key: String? = nil) {
      (self.title, self.path, self.isCurrent, self.lock, self.key) = (title, path, isCurrent, lock, key)
    }
  }

  struct Pill: Sendable {
    let name, value, without: String
  }

  struct Kept: Sendable {
    let name, value: String
  }

  init(_ asked: TrafficAsked, _ page: TrafficAddress.Page) {
    let address = asked.address
    project = ProjectHead(asked.project)
    tabs = Self.tabs(address, page)
    periods = Self.periods(asked, page)
    modes = KeyMode.allCases.map { mode in
      Choice(
        mode == .live ? "Live" : "Test", address.with { ($0.mode, $0.cursor) = (mode, nil) }.place(page).path,
        isCurrent: mode == address.mode)
    }
    comparisons = Self.comparisons(address, page)
    switcher = Self.switcher(asked)
    hasOthers = switcher.count > 1
    hasComparisons = page == .overview
    (span, zone) = (asked.range.text(in: asked.calendar), asked.zone.name)
    earlier = address.narrowed(to: asked.range.moved(by: -1, in: asked.calendar)).place(page).path
    let next = asked.range.moved(by: 1, in: asked.calendar)
    later = asked.range.upperBound > asked.now ? nil : address.narrowed(to: next).place(page).path
    pills = Self.pills(asked, page)
    hasPills = !pills.isEmpty
    unfiltered = address.with { ($0.filters, $0.cursor) = ([:], nil) }.place(page).path
    form = FilterForm(address)
    firstDay = asked.calendar.text(of: asked.range.lowerBound, .day)
    lastDay = asked.calendar.text(of: asked.range.upperBound - .milliseconds(1), .day)
    kept = address.with { $0.cursor = nil }.fields.compactMap { name, value in
      ["period", "from", "to", "interval"].contains(name) ? nil : value.map { Kept(name: name, value: $0) }
    }
    action = address.home(page).path
  }

  private static func tabs(_ address: TrafficAddress, _ page: TrafficAddress.Page) -> [Choice] {
    let plain = address.with { ($0.cursor, $0.table, $0.sort, $0.search) = (nil, nil, nil, nil) }
    return [
      Choice("Analytics", plain.place().path, isCurrent: page == .overview),
      Choice("Requests", plain.place(.requests).path, isCurrent: page == .requests),
      Choice("Keys", Place.keys(of: address.project).path, isCurrent: false),
      Choice("Share", address.placeToShare.path, isCurrent: false),
    ]
  }

  private static func periods(_ asked: TrafficAsked, _ page: TrafficAddress.Page) -> [Choice] {
    let tier = asked.tenant?.tier
    return Period.Recent.allCases.map { recent in
      let next = asked.address.with {
        $0.period = .recent(recent)
        ($0.interval, $0.cursor) = (nil, nil)
      }
      return Choice(
        recent.title, next.place(page).path, isCurrent: asked.address.period == .recent(recent),
        lock: tier.flatMap { $0.detailDays < recent.reach - 1 ? Tier.keeping(days: recent.reach - 1) : nil },
        key: recent.key)
    }
  }

  private static func comparisons(_ address: TrafficAddress, _ page: TrafficAddress.Page) -> [Choice] {
    let choices: [(String, ComparedWith?)] = [
      ("None", nil), ("Same weekdays", .weekday), ("Period before", .previous),
    ]
    // One key turns it on and off.
    let toggled: ComparedWith? = address.comparison == nil ? .weekday : nil
    return choices.map { title, comparison in
      Choice(
        title, address.with { $0.comparison = comparison }.place(page).path,
        isCurrent: address.comparison == comparison, key: comparison == toggled ? "x" : nil)
    }
  }

  /// To another project's page of the same period, without filters, which are of this one.
  private static func switcher(_ asked: TrafficAsked) -> [Choice] {
    asked.projects.enumerated().map { place, project in
      var other = TrafficAddress(project: project.id)
      (other.period, other.mode, other.comparison) = (
        asked.address.period, asked.address.mode, asked.address.comparison
      )
      (other.chart, other.zone) = (asked.address.chart, asked.address.zone)
      return Choice(
        project.name, other.place().path, isCurrent: project.id == asked.project.id, key: ProjectKey.digit(place))
    }
  }

  private static func pills(_ asked: TrafficAsked, _ page: TrafficAddress.Page) -> [Pill] {
    let address = asked.address
    return TrafficFilterName.allCases.compactMap { name in
      address.filters[name].map {
        Pill(name: name.title, value: $0.shown, without: address.filtered(name, nil).place(page).path)
      }
    }
  }
}

/// The form for filters, with those that there are.
struct FilterForm: Sendable {
  let endpoint, method, status, consumer, release, key, atLeast: String
  let kept: [TrafficHeadView.Kept]

  init(_ address: TrafficAddress) {
    func value(_ name: TrafficFilterName) -> String { address.filters[name] ?? "" }
    (endpoint, method, status) = (value(.endpoint), value(.method), value(.status))
    (consumer, release, key, atLeast) = (value(.consumer), value(.release), value(.key), value(.atLeast))
    let own: Set<TrafficFilterName> = [.endpoint, .method, .status, .consumer, .release, .key, .atLeast]
    let others = address.with {
      $0.filters = $0.filters.filter { !own.contains($0.key) }
      ($0.cursor, $0.table, $0.search, $0.sort) = (nil, nil, nil, nil)
    }
    kept = others.fields.compactMap { name, value in
      value.map { TrafficHeadView.Kept(name: name, value: $0) }
    }
  }
}

extension Tier {
  /// What a tier is called that keeps detail of so many days; the one that keeps it longest where none does.
  static func keeping(days: Int) -> String {
    TierChoice(allCases.first { $0.detailDays >= days } ?? .business).name
  }
}

extension Range<Instant> {
  /// In a zone's clocks: days alone where it is whole days.
  func text(in calendar: LocalCalendar) -> String {
    let days =
      calendar.interval(.day, holding: lowerBound).lowerBound == lowerBound
      && calendar.interval(.day, holding: upperBound).lowerBound == upperBound
    guard days else {
      return "\(calendar.text(of: lowerBound, .minute)) to \(calendar.text(of: upperBound, .minute))"
    }
    let last = calendar.text(of: upperBound - .milliseconds(1), .day)
    let first = calendar.text(of: lowerBound, .day)
    return first == last ? first : "\(first) to \(last)"
  }

  /// As long, by the clocks, before it or after it.
  fileprivate func moved(by steps: Int, in calendar: LocalCalendar) -> Range<Instant> {
    let length = calendar.clockTime(from: lowerBound, to: upperBound)
    let days = Int((length / .days(1)).rounded())
    guard days >= 1, length == .days(Int64(days)) else {
      let length = upperBound - lowerBound
      return steps < 0 ? lowerBound - length..<lowerBound : upperBound..<upperBound + length
    }
    return calendar.time(lowerBound, laterByDays: steps * days)..<calendar.time(upperBound, laterByDays: steps * days)
  }
}
