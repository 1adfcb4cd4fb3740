import Application
import Hummingbird

/// What a project's senders sent, and what of it never came.
struct SendersRoute: Sendable {
  let questions: Questions
  let readers: Readers
  let clock: any WallClock

  func add(to operations: inout Operations) { operations.add(.senders, senders) }

  private func senders(_ call: Call) async throws -> Response {
    let reader = try await readers.reader(of: call.request, now: clock.now)
    let project = try call.context.projectID
    let account = try await readers.account(of: project, for: reader)
    let mode = try reader.mode(try call(.mode))
    let answered = try await questions.senders(
      ofProject: project, in: account, mode: mode, withGaps: try call(Self.hasGaps).map { $0 == "true" },
      after: try call(.place), limit: try call(Self.limit))
    return .json(SendersAnswer(project: project, mode: mode, answered: answered), in: Self.shape)
  }
}
