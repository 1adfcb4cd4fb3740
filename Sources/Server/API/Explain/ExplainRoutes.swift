import Application
import Domain
import Foundation
import Hummingbird

/// What makes a number: which positions of the log, what came late, what was voided.
struct ExplainRoutes: Sendable {
  let questions: Questions
  let readers: Readers
  let expensive: ExpensiveReads
  let clock: any WallClock
  /// Where the server is reached, for the commands that check an answer.
  let address: String

  func add(to operations: inout Operations) {
    operations.add(.event, event)
    operations.add(.explainUsage, accountUsage)
    operations.add(.explainProjectUsage, projectUsage)
    operations.add(.explainTraffic, traffic)
  }

  /// Over the connections for what reads the log.
  private var patient: Questions { questions.over(expensive.log) }

  private func event(_ call: Call) async throws -> Response {
    let reader = try await readers.reader(of: call.request, now: clock.now)
    let project = try call.context.projectID
    let account = try await readers.account(of: project, for: reader)
    let found = try await event(
      at: call.context.parameters.get("position") ?? "", ofProject: project, in: account, modes: reader.modes,
      call.context)
    return .json(found, in: EventShapes.event)
  }

  /// For whoever may read the project. Throws the problem of a position where no request of it and these modes stands.
  func event(
    at text: String, ofProject project: UUID, in account: UUID, modes: [KeyMode], _ context: RecountContext
  ) async throws -> CheckableEvent {
    let event: ExplainedEvent? =
      // As it is written in one way only: the same 404 for all else.
      if let position = Int64(text), text == "\(position)" {
        try await expensive.search(for: account, context) { [patient] in
          try await patient.event(at: position, ofProject: project, in: account, modes: modes)
        }
      } else { nil }
    guard let event else {
      throw Problem(.notFound, "no request of this project that you may read stands at position \(text.prefix(20))")
    }
    return CheckableEvent(event: event, address: address)
  }

  private func accountUsage(_ call: Call) async throws -> Response {
    let reader = try await readers.reader(of: call.request, now: clock.now)
    let account = try call.context.accountID
    try await readers.require(reader, mayRead: account)
    return try await usage(of: account, project: nil, mode: try reader.mode(try call(.mode)), call)
  }

  private func projectUsage(_ call: Call) async throws -> Response {
    let reader = try await readers.reader(of: call.request, now: clock.now)
    let project = try call.context.projectID
    let account = try await readers.account(of: project, for: reader)
    return try await usage(of: account, project: project, mode: try reader.mode(try call(.mode)), call)
  }

  private func usage(of account: UUID, project: UUID?, mode: KeyMode, _ call: Call) async throws -> Response {
    let now = clock.now
    let month = try call(.month) ?? CalendarMonth(of: now)
    let end = month.next.start
    let shownAt = try call(UsageExplainShapes.shownAt) ?? (end <= now ? end : nil)
    let (place, limit) = (try call(UsageExplainShapes.place), try call(UsageExplainShapes.limit))
    let usage = try await expensive.search(for: account, call.context) { [patient] in
      try await patient.explainUsage(
        of: account, project: project, mode: mode, month: month, shownAt: shownAt, after: place, limit: limit)
    }
    let content = UsageOfMonthExplained(
      account: account, project: project, mode: mode, month: month, usage: usage.value)
    return .json(
      try await explained(content, usage.asOf, of: account), in: UsageExplainShapes.explanation)
  }

  private func traffic(_ call: Call) async throws -> Response {
    let span = try await SpanReader(readers: readers, clock: clock).span(call)
    return .json(try await traffic(of: span, call), in: TrafficExplainShapes.explanation)
  }

  /// For whoever may read the span's project.
  func traffic(of span: TrafficSpan, _ call: Call) async throws -> Explained<TrafficExplained> {
    let knownAt = try call(TrafficExplainShapes.knownAt)
    let traffic = try await expensive.search(for: span.account, call.context) { [patient] in
      try await patient.explainTraffic(span, knownAt: knownAt)
    }
    let content = TrafficExplained(span: SpanAnswer(span: span, answered: traffic))
    return try await explained(content, traffic.asOf, of: span.account)
  }

  private func explained<Content: Sendable>(
    _ content: Content, _ asOf: AsOf, of account: UUID
  ) async throws -> Explained<Content> {
    Explained(content: content, asOf: asOf, checkpoint: try await questions.latestCheckpoint(of: account))
  }
}
