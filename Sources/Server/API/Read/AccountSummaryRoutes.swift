import Application
import Domain
import Hummingbird

/// What all projects of an account came to.
struct AccountSummaryRoutes: Sendable {
  let tenancy: Tenancy

  func add(to operations: inout Operations) { operations.add(.accountSummary, summary) }

  private func summary(_ call: Call) async throws -> Response {
    let account = try await tenancy.account(call, of: tenancy.person(call))
    let mode = try call(AccountSummaryShapes.mode) ?? .live
    let range = try ReadParameters(call.request).range(now: tenancy.clock.now)
    let traffic = try await tenancy.questions.accountTraffic(of: account, mode: mode, range: range)
    return .json(
      AccountSummary(account: account, mode: mode, range: (traffic.range ?? range).inEra, answered: traffic),
      in: AccountSummaryShapes.summary)
  }
}
