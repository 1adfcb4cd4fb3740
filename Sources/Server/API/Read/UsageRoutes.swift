import Application
import Domain
import EventLog
import Foundation
import Hummingbird

/// What an account, a project or one of its keys used in a month, live and test apart.
struct UsageRoutes: Sendable {
  let questions: Questions
  let readers: Readers
  let clock: any WallClock

  func add(to operations: inout Operations) {
    operations.add(.usage, usage)
    operations.add(.projectUsage, project)
    operations.add(.keyUsage, key)
  }

  private func usage(_ call: Call) async throws -> Response {
    let now = clock.now
    let reader = try await readers.reader(of: call.request, now: now)
    let account = try await account(call, of: reader)
    let month = try call(.month) ?? CalendarMonth(of: now)
    guard let usage = try await questions.usage(of: account, in: month) else { throw AccessError.noAccount(account) }
    return .json(UsageOfMonth(answered: usage, modes: reader.modes), in: Self.usageShape)
  }

  private func project(_ call: Call) async throws -> Response {
    let asked = try await subject(call)
    let usage = try await questions.usage(ofProject: asked.project, in: asked.account, month: asked.month)
    return .json(
      UsageOfProject(project: asked.project, month: asked.month, answered: usage, modes: asked.reader.modes),
      in: Self.projectShape)
  }

  private func key(_ call: Call) async throws -> Response {
    let asked = try await subject(call)
    let id = try call.context.keyID
    guard let key = try await questions.key(id, of: asked.project, in: asked.account).value else {
      throw Project.Failure.noSuchKey(id)
    }
    _ = try asked.reader.mode(key.mode)
    let usage = try await questions.usage(ofProject: asked.project, in: asked.account, key: id, month: asked.month)
    return .json(UsageOfKey(key: key, calendarMonth: asked.month, answered: usage), in: Self.keyShape)
  }

  /// A project's month, and who asks about it.
  private struct Subject {
    let reader: Readers.Reader
    let project, account: UUID
    let month: CalendarMonth
  }

  private func subject(_ call: Call) async throws -> Subject {
    let now = clock.now
    let reader = try await readers.reader(of: call.request, now: now)
    let project = try call.context.projectID
    let account = try await readers.account(of: project, for: reader)
    let month = try call(.month) ?? CalendarMonth(of: now)
    return Subject(reader: reader, project: project, account: account, month: month)
  }

  /// A key's own account, or the one that a member of it names.
  private func account(_ call: Call, of reader: Readers.Reader) async throws -> UUID {
    let given = try call(Self.account)
    if given == nil, case .key(let grant) = reader { return grant.source.accountID }
    guard let given, let account = UUID(uuidString: given) else {
      throw ReadParameters(call.request).invalid(
        "account_id", given ?? "nothing", allowed: "the id of an account of yours")
    }
    try await readers.require(reader, mayRead: account)
    return account
  }
}
