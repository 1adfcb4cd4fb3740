import Application
import Domain
import Foundation
import Hummingbird

/// What can be done with a running subscription. Each change is spelled out on a page of its own before it is made.
struct SubscriptionPages: Sendable {
  let site: Site

  func add(to pages: inout PageRoutes) {
    pages.get("/billing/tier", for: .people, showTier)
    pages.get("/billing/cancel", for: .people, showCancel)
    site.changeOfMoney(&pages, "/billing/tier", move)
    site.changeOfMoney(&pages, "/billing/cancel", cancel)
    site.changeOfMoney(&pages, "/billing/undo", undo)
  }

  /// What a higher tier would cost, or what a lower one takes.
  private func showTier(_ call: PageCall) async throws -> PageAnswer {
    let tenant = try await site.tenant(of: call, to: .manageBilling)
    _ = try site.billing.required()
    guard let tier = call.parameter("to").flatMap(Tier.init(rawValue:)), tier > .free else {
      throw ReadParameters(call.request).invalid(
        "to", call.parameter("to") ?? "nothing", allowed: "a tier that is paid for: pro or business")
    }
    let state = try await site.billing.state(of: tenant.account).state
    guard tier > state.tier else { return try await lowering(to: tier, of: tenant, state) }
    do {
      let desk = try await site.billing.calling(for: tenant.account.id)
      let preview = try await desk.preview(tier, of: tenant.account.id, by: try await call.actor(site))
      let view = RaisingView(tenant, from: state.tier, to: tier, preview, isSupported: site.isSupported)
      return PageAnswer.page("billing/raise", title: "Move up to \(view.to.name)", view, in: .billing).secret
    } catch Billing.Failure.owing {
      return .seeOther(.billing(account: tenant.account.id), saying: .payFirst)
    } catch Billing.Failure.addressMissing {
      return .seeOther(.billing(account: tenant.account.id), saying: .addressFirst)
    }
  }

  private func showCancel(_ call: PageCall) async throws -> PageAnswer {
    let tenant = try await site.tenant(of: call, to: .manageBilling)
    _ = try site.billing.required()
    return try await lowering(to: .free, of: tenant, try await site.billing.state(of: tenant.account).state)
  }

  private func lowering(to tier: Tier, of tenant: Tenant, _ state: BillingState) async throws -> PageAnswer {
    guard let main = state.main, let end = main.periodEnd else { throw Billing.Failure.noSubscription }
    guard tier < state.tier else { throw Billing.Failure.unchanged(tier) }
    let detail = try await site.tenancy.questions.account(tenant.account.id)?.value
    let view = LoweringView(
      tenant, TierLowering(from: state.tier, to: tier, at: end), projects: Int(detail?.projects ?? 0),
      isSupported: site.isSupported, tax: site.billing.tax)
    let title = tier == .free ? "Cancel the subscription" : "Move down to \(view.to.name)"
    return .page("billing/lower", title: title, view, in: .billing)
  }

  private func move(_ call: PageCall, _ form: Form, _ account: UUID, _ actor: Actor) async throws -> PageAnswer {
    let tier = try form.tier()
    _ = try site.billing.required()
    let mode = await site.billing.mode()
    let current = try await site.tenancy.questions.billing(of: account, in: mode).value.tier
    let date = try form.text("proration_date").map { text in
      guard let date = Instant(text) else {
        throw Problem(
          .invalidParameter, "the price that was shown can't be told any more: go back, and look at it again")
      }
      return date
    }
    let move = try await site.billing.move(account, from: current, to: tier, prorationDate: date, by: actor)
    let billing = Place.billing(account: account)
    switch move.outcome {
    case .done: return .seeOther(billing, saying: .tierRaised)
    case .pay: return move.url.map { .payment($0) } ?? .seeOther(billing, saying: .payFirst)
    case .scheduled: return .seeOther(billing, saying: .tierLoweringAsked)
    }
  }

  private func cancel(_ call: PageCall, _ form: Form, _ account: UUID, _ actor: Actor) async throws -> PageAnswer {
    await site.billing.settle(try await site.billing.required().cancel(account, by: actor))
    return .seeOther(.billing(account: account), saying: .cancellationAsked)
  }

  private func undo(_ call: PageCall, _ form: Form, _ account: UUID, _ actor: Actor) async throws -> PageAnswer {
    await site.billing.settle(try await site.billing.calling(for: account).undo(account, by: actor))
    return .seeOther(.billing(account: account), saying: .undoAsked)
  }
}
