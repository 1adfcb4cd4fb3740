import Application
import Domain
import Foundation
import Hummingbird

/// Where an account's notices go in Slack.
struct SlackPages: Sendable {
  let site: Site
  let channels: SlackChannels

  func add(to pages: inout PageRoutes) {
    pages.get("/settings/slack", for: .people) { try await show($0, nil, nil, Form.empty) }
    change(&pages, "/settings/slack", saying: .slackSet) { form, account, actor in
      _ = try await channels.set(
        SlackChannels.Wish(url: form.text("url"), topics: form.topics), of: account, by: actor)
    }
    change(&pages, "/settings/slack/remove", saying: .removed) { _, account, actor in
      try await channels.remove(from: account, by: actor)
    }
  }

  private func change(
    _ pages: inout PageRoutes, _ path: String, saying done: Done,
    _ work: @escaping @Sendable (Form, UUID, Actor) async throws -> Void
  ) {
    pages.post(path, for: .people) { call in
      let (actor, form) = (try await call.actor(site), try await call.form())
      let account = try form.account()
      try await site.tenancy.access.require(.manageBilling, account: account, of: actor.userID)
      do {
        try await work(form, account, actor)
        return .seeOther(Place.slack.with([("account", account.text)]), saying: done)
      } catch {
        guard let complaint = Complaint(error) else { throw error }
        return try await show(call, account, complaint, form)
      }
    }
  }

  private func show(
    _ call: PageCall, _ account: UUID?, _ complaint: Complaint?, _ form: Form
  ) async throws -> PageAnswer {
    let tenant = try await site.tenant(of: call, account: account)
    var channel: SlackChannel?
    if tenant.allows(.manageBilling) {
      channel = try await channels.channel(of: tenant.account.id, for: try call.person().principal.userID)
    }
    let view = SlackView(tenant, channel, complaint, form)
    return .page(
      "notices/slack", title: "Slack", view, status: complaint?.problem.kind.status ?? .ok, in: .settings)
  }
}

/// The channel of an account, and the form that sets it.
struct SlackView: Sendable {
  let tabs: SettingsTabs
  let account: AccountView
  let billing: String
  /// Nil where whoever looks may not set it.
  let form: SetForm?
  let general: String?

  struct SetForm: Sendable {
    /// Nil: none is set.
    let hint: String?
    let isBroken: Bool
    /// Nil where the tier has it.
    let tierThatHas: String?
    let urlError: String?
    let topics: [TopicChoice]
  }

  init(_ tenant: Tenant, _ channel: SlackChannel?, _ complaint: Complaint?, _ form: Form) {
    tabs = SettingsTabs(.slack)
    account = AccountView(tenant, at: .slack)
    billing = Place.billing(account: tenant.account.id).path
    general = complaint.flatMap { complaint in
      complaint.general ?? complaint.fields.first { $0.key != "url" }?.value
    }
    let chosen = complaint != nil ? form.topics : channel?.channel.map { Set($0.topics) } ?? Set(NoticeTopic.bySlack)
    self.form = channel.map { channel in
      SetForm(
        hint: channel.channel?.hint, isBroken: channel.brokenStatus != nil,
        tierThatHas: tenant.tier.has(.slack) ? nil : TierChoice(TierFeature.slack.lowestTier).name,
        urlError: complaint?.of("url"),
        topics: NoticeTopic.bySlack.map { TopicChoice($0, isChosen: chosen.contains($0)) })
    }
  }
}
