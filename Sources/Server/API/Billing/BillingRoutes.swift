import Application
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// What an account pays for, and what it was charged.
struct BillingRoutes: Sendable {
  let tenancy: Tenancy
  let billing: BillingAccess
  /// Where people reach the server, so that Stripe can lead them back.
  let address: String

  func add(to operations: inout Operations) {
    operations.add(.billing, state)
    operations.add(.invoices, invoices)
    operations.add(.invoiceLinks, links)
    operations.add(.checkout, checkout)
    operations.add(.previewTier, preview)
    operations.add(.changeTier, change)
    operations.add(.cancelSubscription, cancel)
    operations.add(.undoSubscriptionChange, undo)
    operations.add(.portal, portal)
  }

  private func state(_ call: Call) async throws -> Response {
    .json(try await billing.state(of: try await account(of: call)), in: Self.stateShape)
  }

  private func invoices(_ call: Call) async throws -> Response {
    let id = try await tenancy.account(call, of: tenancy.person(call))
    let page = try await billing.invoices(of: id, after: call(Self.place), limit: call(Self.limit))
    return .json(page, in: Self.page)
  }

  /// They open without log-in, so nobody keeps them.
  private func links(_ call: Call) async throws -> Response {
    let (account, actor) = try await admitted(call)
    let documents = try await billing.calling(for: account).documents(
      of: try call.context.invoiceID, in: account, by: actor)
    return .json(documents, in: Self.documents).unkept
  }

  private func checkout(_ call: Call) async throws -> Response {
    let (account, actor) = try await admitted(call)
    let tier = try await call.body()(Self.tier)
    let back = BillingReturn(of: account, tier: tier, address: address)
    let page = try await billing.calling(for: account).checkout(tier, of: account, back: back, by: actor)
    return .json(page, in: Self.stripePage).unkept
  }

  private func preview(_ call: Call) async throws -> Response {
    let (account, actor) = try await admitted(call)
    let tier = try await call.body()(Self.tier)
    return .json(try await billing.calling(for: account).preview(tier, of: account, by: actor), in: Self.previewShape)
  }

  private func change(_ call: Call) async throws -> Response {
    let (account, actor) = try await admitted(call)
    _ = try billing.required()
    let body = try await call.body()
    let (tier, date) = (try body(Self.tier), try body(Self.prorationDate))
    let current = try await tenancy.questions.billing(of: account, in: await billing.mode()).value.tier
    let move = try await billing.move(account, from: current, to: tier, prorationDate: date, by: actor)
    return .json(move, in: Self.moved).unkept
  }

  private func cancel(_ call: Call) async throws -> Response {
    let (account, actor) = try await admitted(call)
    await billing.settle(try await billing.required().cancel(account, by: actor))
    return .json(
      "Stripe was told that the subscription ends with what is paid: the account's billing shows it as soon as Stripe says so.",
      in: .message, status: .accepted)
  }

  private func undo(_ call: Call) async throws -> Response {
    let (account, actor) = try await admitted(call)
    await billing.settle(try await billing.calling(for: account).undo(account, by: actor))
    return .json(
      "Stripe was told that the subscription goes on as it is: the account's billing shows it as soon as Stripe says so.",
      in: .message, status: .accepted)
  }

  private func portal(_ call: Call) async throws -> Response {
    let (account, actor) = try await admitted(call)
    let back = address + Place.billing(account: account).path
    return .json(
      try await billing.calling(for: account).portal(of: account, back: back, by: actor), in: Self.stripePage
    ).unkept
  }

  /// Who may change what is paid, before anything is said of whether that is possible here.
  private func admitted(_ call: Call) async throws -> (account: UUID, actor: Actor) {
    let actor = try await tenancy.actor(call)
    return (try await tenancy.account(call, of: actor.userID), actor)
  }

  private func account(of call: Call) async throws -> ListedAccount {
    let id = try await tenancy.account(call, of: tenancy.person(call))
    guard let account = try await tenancy.questions.account(id) else { throw AccessError.noAccount(id) }
    return account.value.account
  }
}

extension Response {
  /// With an address that is as good as a log-in.
  fileprivate var unkept: Response {
    var response = self
    response.headers[.cacheControl] = "no-store"
    return response
  }
}
