import Application
import Domain
import Hummingbird

/// The accounts that a person may act for.
struct AccountRoutes: Sendable {
  let tenancy: Tenancy

  func add(to operations: inout Operations) {
    operations.add(.accounts, list)
    operations.add(.account, show)
    operations.add(.nameAccount, name)
  }

  private func list(_ call: Call) async throws -> Response {
    let person = try await tenancy.person(call)
    let page = try await tenancy.questions.accounts(
      of: person, after: call(Self.place), limit: call(Self.limit))
    return .json(page, in: Self.page)
  }

  private func show(_ call: Call) async throws -> Response {
    let id = try await tenancy.account(call, of: tenancy.person(call))
    guard let account = try await tenancy.questions.account(id) else { throw AccessError.noAccount(id) }
    return .json(account, in: Self.one)
  }

  private func name(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let account = try await tenancy.account(call, of: actor)
    let name = try await call.body()(Self.name)
    let commands = AccountCommands(log: tenancy.log, changes: tenancy.changes)
    let recorded = try await commands.handle(.name(name), on: account, by: actor) { _ in .nameAccount }
    return .json(
      Changed(value: NamedAccount(id: account, name: name), inEffect: await tenancy.settle(recorded)), in: Self.named)
  }
}
