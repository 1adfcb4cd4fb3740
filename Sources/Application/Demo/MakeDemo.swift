package import Domain
package import EventLog
package import Foundation

/// Makes an installation's demo: an account that nobody owns, with a project whose requests of the last thirty days are made up, all of it
/// in the log as if it had been sent.
///
/// 1. The account is opened, marked as a demo with the recipe of its requests, and gets a project and keys, whose secrets nobody has: one
///    append, all or none.
/// 2. Some hours of requests at a time are appended, each with how far they go (``Demo``): whoever goes on, after a crash at any point or a
///    week later, begins there, and what has been made is never made again.
/// 3. The load test among them is voided.
package struct MakeDemo: Sendable {
  private let log: Log
  private let clock: any WallClock

  /// Over an open log.
  package init(log: Log, clock: any WallClock = SystemClock()) {
    self.log = log
    self.clock = clock
  }

  /// What this run has done, while it does it.
  package enum Step: Sendable {
    /// The account and its project are there, by this run or before.
    case opened(account: UUID, project: UUID, DemoRecipe, isNew: Bool)
    /// All hours up to a moment have been made, so many requests with this step, and there are more to come.
    case generated(upto: Instant, requests: Int, of: Range<Instant>)
    /// So many requests of the load test were voided by this run.
    case voided(requests: Int, reason: String)
  }

  /// A demo that has been made.
  package struct Made: Sendable {
    /// Its account.
    package let account: UUID
    /// Its project.
    package let project: UUID
    /// How many requests were made in all, and by this run.
    package let requests, added: Int
    /// From when to when they are.
    package let span: Range<Instant>
  }

  /// Hours of an append: some thousand requests, as much as the log takes of many callers at once.
  private static let hoursAtOnce: Int64 = 6
  /// Hours that lie further back would be refused of anybody else, too: a demo that goes on after a longer pause has a hole.
  private static let reach = AcceptanceWindow.standard.behind - .days(1)

  /// Makes it, or what is missing of it up to this hour. One that has been begun goes on by its own recipe, whatever is asked for here.
  ///
  /// - Parameter tell: is told of each step; what it throws ends the run.
  package func callAsFunction(
    seed: Int64 = 1, monthlyRequests: Int = 250_000, telling tell: (Step) throws -> Void = { _ in }
  ) async throws -> Made {
    let now = clock.now
    let wish = DemoRecipe(seed: seed, monthlyRequests: monthlyRequests, from: now - .days(DemoRecipe.days))
    let (ids, recipe, isNew) = try await open(wish, at: now)
    try tell(.opened(account: ids.account, project: ids.project, recipe, isNew: isNew))
    let traffic = DemoTraffic(recipe)
    var added = 0
    while let part = try await generate(upto: now.toHour, ids, traffic) {
      added += part.requests
      try tell(.generated(upto: part.upto, requests: part.requests, of: recipe.from..<now.toHour))
    }
    try await void(ids, traffic.story.loadTest, tell)
    let demo = try await log.load(Demo.self, from: ids.demoStream(log.shards)).state
    return Made(
      account: ids.account, project: ids.project, requests: demo.requests, added: added,
      span: recipe.from..<(demo.upto ?? recipe.from))
  }

  /// Closes the demo's account: its keys open nothing, it is shown to nobody, and the next run makes another. What it tracked stays in the log. The
  /// account; nil where there is no demo.
  package func remove() async throws -> UUID? {
    let (ids, account) = try await log.demo()
    guard account.demo != nil else { return nil }
    try await log.handle(.close, by: Account.self, on: ids.accountStream(log.shards))
    return ids.account
  }

  private func open(_ wish: DemoRecipe, at now: Instant) async throws -> (DemoIDs, DemoRecipe, isNew: Bool) {
    let ids = try await log.demo().ids
    let keys = try Self.keys(ids)
    let handled = try await log.handle(on: ids.accountStream(log.shards).name) {
      (change: inout Change) -> DemoRecipe in
      let account = try await change.load(Account.self, from: ids.accountStream(log.shards))
      if let recipe = account.state.demo { return recipe }
      let commands: [Account.Command] = [
        .openDemo(id: ids.account, tier: .business, wish), .name("Demo"), .addProject(ids.project, at: now),
      ]
      try change.append(account.state.decide(commands), to: account)
      let project = try await change.load(Project.self, from: ids.projectStream(log.shards))
      let first = [Project.Command.create(id: ids.project, accountID: ids.account, name: "Demo shop")]
      let issues = keys.map { Project.Command.issueKey($0.request, at: now) }
      try change.append(project.state.decide(first + issues), to: project)
      return wish
    }
    return (ids, handled.value, handled.position != nil)
  }

  private static func keys(_ ids: DemoIDs) throws -> [IssuedKey] {
    [
      try IssuedKey(name: "shop", mode: .live, scopes: [.track], id: ids.key(.shop)),
      try IssuedKey(name: "background worker", mode: .live, scopes: [.track], id: ids.key(.worker)),
      try IssuedKey(name: "reports", mode: .live, scopes: [.read], id: ids.reader),
    ]
  }

  /// The next hours up to a moment; nil where there are none.
  private func generate(
    upto end: Instant, _ ids: DemoIDs, _ traffic: DemoTraffic
  ) async throws -> DemoGenerated? {
    let stream = ids.demoStream(log.shards)
    return try await log.handle(on: stream.name) { (change: inout Change) -> DemoGenerated? in
      let demo = try await change.load(Demo.self, from: stream)
      let begin = max(demo.state.upto ?? traffic.recipe.from, end - Self.reach)
      guard begin < end else { return nil }
      let upto = min(begin + .hours(Self.hoursAtOnce), end)
      let hours = traffic.recipe.hour(of: begin)..<traffic.recipe.hour(of: upto)
      let batches = hours.flatMap { DemoBatch.all(of: ids, hour: $0, traffic) }
      let generated = DemoGenerated(
        accountID: ids.account, upto: upto, requests: batches.reduce(0) { $0 + $1.requests.count })
      try change.append(demo.state.decide(.generate(generated)), to: demo)
      change.append(batches.flatMap(\.units), shard: stream.shard)
      return generated
    }.value
  }

  private static let reason =
    "load test of a Sunday night, run against production by mistake: these are no customers' calls"

  /// As an owner does it: out of the numbers, not out of what the quota has used.
  private func void(_ ids: DemoIDs, _ span: Range<Instant>, _ tell: (Step) throws -> Void) async throws {
    let whole = Voiding.Span(mode: .live, from: span.lowerBound, to: span.upperBound)
    let stream = ids.projectStream(log.shards)
    do {
      let (void, isNew) = try await Voiding(log: log)(ids.void, whole, reason: Self.reason, on: stream)
      if isNew { try tell(.voided(requests: void.counts.reduce(0) { $0 + $1.events }, reason: void.reason)) }
    } catch Project.Failure.nothingToVoid {
      // Begun so long ago that its hours were never made.
    }
  }
}
