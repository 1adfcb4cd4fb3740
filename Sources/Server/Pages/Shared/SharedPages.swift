import Application
import Domain
import HTTPTypes
import Hummingbird

/// A project's numbers for whoever has a link to them.
struct SharedPages: Sendable {
  let site: Site
  let page: SharedPage

  func add(to pages: inout PageRoutes) {
    pages.get("/shared/{token}", for: .bearers) { [links = site.tenancy.links, clock = site.clock] call in
      let text = call.context.parameters.get("token") ?? ""
      guard let grant = try await links.grant(for: text, now: clock.now), let token = LinkToken(parsing: text) else {
        return Self.nothing
      }
      return try await page.answer(SharedView(grant, at: token), to: call)
    }
  }

  /// One and the same, whatever the matter is: who guesses learns nothing.
  private static let nothing = PageAnswer.page(
    "shared/nothing", title: "Nothing is shared here", NothingShared(), status: .notFound)

  private struct NothingShared: Sendable {}
}

/// The page of a ``SharedView``.
struct SharedPage: Sendable {
  private let numbers: ProjectNumbers
  private let clock: any WallClock
  /// Whoever has an address may ask as often as they like, and pays nothing: a handful at a time of an account's pages, so that its members, and
  /// others, keep the connections. What takes the log has its turns besides, under the account (``ExpensiveReads``).
  private let views = Turns(of: "views of shared pages", perAccount: 2, inAll: 4)
  /// Those under filters, which are counted over the log, and wait in one line with the members' own.
  private let filteredViews = Turns(of: "views of shared pages", perAccount: 1, inAll: 2)

  init(site: Site) {
    numbers = site.numbers
    clock = site.clock
  }

  /// The page, or the table of it that is wanted as a file.
  func answer(_ shown: SharedView, to call: PageCall) async throws -> PageAnswer {
    let asked = try TrafficAsked(call, shown, now: clock.now)
    if let place = try TrafficAddress.canonical(
      call, .overview, in: asked.calendar, { try TrafficAddress(call, shown) })
    {
      return .seeOther(place)
    }
    let turn = try (shown.filters.isEmpty ? views : filteredViews).take(for: shown.project.accountID)
    defer { withExtendedLifetime(turn) {} }
    if let table = try Self.table(call) { return try await NumbersFile.csv(of: table, asked, numbers) }
    let found = try await SharedNumbers(numbers, asked)
    return .page("shared/page", title: shown.project.name, SharedPageView(found, asked, now: clock.now))
  }

  /// Which table is wanted as a file: of those that the page has, no other; nil: the page is.
  private static func table(_ call: PageCall) throws -> TrafficAddress.Table? {
    let parameters = ReadParameters(call.request)
    guard try parameters.choice("format", of: ["csv"]) != nil else { return nil }
    let tables: [TrafficAddress.Table] = [.summary, .series, .endpoints, .releases]
    return try parameters.choice("table", of: tables.map(\.rawValue)).flatMap(TrafficAddress.Table.init(rawValue:))
      ?? .summary
  }
}
