import Application
import ArgumentParser
import Domain
import EventLog
import Foundation

/// `recount demo`
struct DemoVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Make a demo: an account with a project whose requests are made up.",
    discussion: """
      A shop's API over the last \(DemoRecipe.days) days, with the rhythm of its days and weeks, errors, a release that was slow for two \
      days, an hour of failures, and a load test that was voided. The log itself says that it is a demo, and so does everything that \
      shows it.

      Run again, it adds the hours that have passed since. What was ended halfway goes on where it was. Nobody has the secrets of its \
      keys, and nobody is a member of its account.
      """)

  @Option(
    help: """
      About how many requests thirty days have, \(Int64(DemoRecipe.monthlyRequestsAllowed.lowerBound).grouped) to \
      \(Int64(DemoRecipe.monthlyRequestsAllowed.upperBound).grouped). A demo that has been begun keeps what it has.
      """)
  var events = 250_000

  @Option(help: "What the random numbers begin with: the same seed makes the same requests of the same hours.")
  var seed: Int64 = 1

  @Flag(
    help:
      "Remove the demo: close its account. What it tracked stays in the log; the next run makes another.")
  var remove = false

  func validate() throws {
    let allowed = DemoRecipe.monthlyRequestsAllowed
    guard allowed.contains(events) else {
      throw ValidationError("--events: found \(events); allowed: \(allowed.lowerBound) to \(allowed.upperBound)")
    }
  }

  func run() async throws {
    let compose = try Compose()
    let log = try await compose.log()
    let demo = MakeDemo(log: log)
    if remove {
      if let account = try await demo.remove() {
        Terminal.say("removed: account \(account.text) is closed")
      } else {
        Terminal.say("there is no demo to remove")
      }
    } else {
      var report = DemoReport()
      let made = try await demo(seed: seed, monthlyRequests: events) { report.tell($0) }
      report.end(made, at: compose.settings.serverAddress)
    }
    try await DirectoryCatchUp(compose: compose).run()
    await log.close()
  }
}

/// What whoever runs the verb reads while the demo is made.
private struct DemoReport {
  private let line = ProgressLine()
  private let started = ContinuousClock.now
  /// Requests of the days that have not been told yet, and where those end.
  private var untold = 0
  private var next = Instant.distantPast

  mutating func tell(_ step: MakeDemo.Step) {
    switch step {
    case .opened(let account, let project, let recipe, let isNew):
      next = recipe.from + .days(7)
      Terminal.say(
        """
        demo     \(isNew ? "opened" : "found"), about \(Int64(recipe.monthlyRequests).grouped) requests a month from seed \(recipe.seed)
        account  \(account.text)
        project  \(project.text)
        """)
    case .generated(let upto, let requests, let span):
      untold += requests
      line.show("making requests", done: (upto - span.lowerBound).wholeSeconds / 3_600, of: hours(span), "hours")
      if upto >= next || upto >= span.upperBound { tell(upto) }
    case .voided(let requests, let reason):
      line.clear()
      Terminal.say("voided   \(Int64(requests).grouped) requests: \(reason)")
    }
  }

  private mutating func tell(_ upto: Instant) {
    line.clear()
    Terminal.say("made     \(Int64(untold).grouped) requests up to \(upto.textToSecond)")
    untold = 0
    while next <= upto { next = next + .days(7) }
  }

  private func hours(_ span: Range<Instant>) -> Int64 {
    (span.upperBound - span.lowerBound).wholeSeconds / 3_600
  }

  func end(_ made: MakeDemo.Made, at address: String) {
    let total = Int64(made.requests).grouped
    let span = "\(made.span.lowerBound.textToSecond) to \(made.span.upperBound.textToSecond)"
    let seconds = Int64((ContinuousClock.now - started) / .seconds(1))
    Terminal.say(
      made.added == 0
        ? "the demo is there already: \(total) requests from \(span); nothing was added"
        : "the demo has \(total) requests from \(span); \(Int64(made.added).grouped) were added in \(seconds) s")
    Terminal.say("to see it, open \(address)/ and follow \"See the demo\"")
  }
}
