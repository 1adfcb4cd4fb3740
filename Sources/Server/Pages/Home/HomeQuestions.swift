import Application
import Domain
import Foundation

/// Asks what an account's home shows, all at once. What a read model is missing for is nil: the page says so, and shows the rest.
struct HomeQuestions: Sendable {
  let questions: Questions
  let account: UUID
  let month: CalendarMonth
  let now: Instant
  let calendar: LocalCalendar

  /// So many projects are shown, those with the most calls.
  static let projectsShown = 10
  /// So many of them are asked for their endpoints. An endpoint has no more calls than its project, so that those of the others seldom matter.
  static let projectsRanked = 5
  /// How soon a key ends that is shown.
  static let soon = Duration.days(14)
  static let keysShown = 10

  /// In which it is now: what is shown is the same all through it.
  private var quarter: Range<Instant> { now.toQuarter..<now.toQuarter + .minutes(15) }
  private var isCurrent: Bool { month == CalendarMonth(of: now) }

  func ask() async throws -> HomeAnswers {
    async let usage = unlessMissing { try await questions.usage(of: account, in: month) }
    async let traffic = self.traffic(month.span)
    async let intake = unlessMissing { try await questions.intake(ofAccount: account, mode: .live, range: month.span) }
    async let uses = unlessMissing { try await questions.projectUses(of: account).value }
    async let ending = unlessMissing {
      try await questions.keysEnding(of: account, within: now..<quarter.upperBound + Self.soon, limit: Self.keysShown)
        .value
    }
    async let checkpoint = questions.latestCheckpoint(of: account)
    async let strip = isCurrent ? self.strip() : nil
    async let pace = isCurrent ? self.pace() : nil
    let found = try await traffic
    let shown = self.shown(try await uses ?? [], found?.value)
    async let sparks = self.sparks(of: shown.map { $0.use.id })
    async let endpoints = self.endpoints(found?.value)
    async let movers = isCurrent ? self.movers(found?.value) : nil
    return try await HomeAnswers(
      month: month, now: now, usage: usage ?? nil, traffic: found, intake: intake, uses: uses, ending: ending ?? [],
      checkpoint: checkpoint, strip: strip, pace: pace, projects: shown, sparks: sparks, endpoints: endpoints,
      movers: movers)
  }

  private func traffic(_ range: Range<Instant>) async throws -> Answered<AccountTraffic>? {
    try await unlessMissing { try await questions.accountTraffic(of: account, mode: .live, range: range) }
  }

  /// Today as far as its quarters of an hour have ended, beside the same of the weekday a week ago, which had ended, too; and the last hour.
  private func strip() async throws -> HomeAnswers.Strip? {
    let (today, other) = hoursOfToday
    let hour = quarter.lowerBound - .hours(1)..<quarter.upperBound
    async let one = today.isEmpty ? nil : traffic(today)
    async let two = today.isEmpty ? nil : traffic(other)
    async let last = traffic(hour)
    guard let last = try await last else { return nil }
    return try await HomeAnswers.Strip(
      today: today, calls: one?.value.numbers.calls, other: other, otherCalls: two.flatMap { $0.calls(just: other) },
      hour: hour, last: last.value.numbers)
  }

  /// The seven whole days (UTC) before today, and the seven before them.
  private func pace() async throws -> HomeAnswers.Weeks? {
    let today = now.toDay
    async let last = traffic(today - .days(7)..<today)
    async let before = traffic(today - .days(14)..<today - .days(7))
    guard let last = try await last, let before = try await before else { return nil }
    return HomeAnswers.Weeks(last: last.value.numbers.calls, before: before.value.numbers.calls)
  }

  private func shown(_ uses: [ProjectUse], _ traffic: AccountTraffic?) -> [HomeAnswers.ShownProject] {
    let numbers = Dictionary(
      (traffic?.projects ?? []).map { ($0.id, $0.numbers) }, uniquingKeysWith: { first, _ in first })
    let all = uses.map { HomeAnswers.ShownProject(use: $0, numbers: numbers[$0.id]) }
    // Swift's sort keeps the order of those that tie: that of their creation.
    return Array(all.sorted { $0.numbers?.calls ?? 0 > $1.numbers?.calls ?? 0 }.prefix(Self.projectsShown))
  }

  /// The calls of fourteen days (UTC), of which totals are kept for ever, today's as far as it has come.
  private func sparks(of projects: [UUID]) async throws -> [UUID: [Int64]] {
    let range = now.toDay - .days(13)..<now.toDay + .days(1)
    return try await each(projects) { project -> [Int64]? in
      let span = TrafficSpan(project: project, of: account, mode: .live, range: range)
      return try await questions.trafficChart(span, by: .day, in: .utc).value.points.map(\.numbers.calls)
    }
  }

  private func endpoints(_ traffic: AccountTraffic?) async throws -> HomeAnswers.Endpoints? {
    guard let traffic else { return nil }
    let called = traffic.projects.filter { $0.numbers.calls > 0 }
    let found = try await each(called.prefix(Self.projectsRanked).map(\.id)) { project -> [EndpointTraffic]? in
      let span = TrafficSpan(project: project, of: account, mode: .live, range: month.span)
      return try await questions.trafficSummary(span).value.topEndpoints
    }
    return HomeAnswers.Endpoints(of: called, found)
  }

  private func movers(_ traffic: AccountTraffic?) async throws -> Movers? {
    let (today, other) = hoursOfToday
    guard let traffic, !today.isEmpty else { return nil }
    let called = traffic.projects.filter { $0.numbers.calls > 0 }.prefix(Movers.projects)
    let asked = MoverQuestions(questions: questions, account: account, today: today, other: other)
    let projects = Dictionary(called.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let found = try await each(called.map(\.id)) { id -> [Movers.Entry]? in
      guard let project = projects[id] else { return nil }
      return try await asked.entries(of: project)
    }
    return Movers(called.flatMap { found[$0.id] ?? [] }, today: today, other: other)
  }

  /// Today as far as its quarters of an hour have ended, and the same of the weekday a week ago.
  private var hoursOfToday: (today: Range<Instant>, other: Range<Instant>) {
    let today = calendar.interval(.day, holding: now).lowerBound..<now.toQuarter
    return (today, SpanComparison.weekday(calendar).other(than: today))
  }

  private func each<Value: Sendable>(
    _ projects: [UUID], _ ask: @escaping @Sendable (UUID) async throws -> Value?
  ) async throws -> [UUID: Value] {
    try await withThrowingTaskGroup(of: (UUID, Value?).self) { group in
      for project in projects {
        group.addTask { (project, try await unlessMissing { try await ask(project) } ?? nil) }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }
}

extension Answered<AccountTraffic> {
  /// The calls of a span; nil where more had to be counted, since detail is no longer kept.
  fileprivate func calls(just range: Range<Instant>) -> Int64? {
    value.projects.allSatisfy { $0.range == range || $0.numbers.calls == 0 } ? value.numbers.calls : nil
  }
}
