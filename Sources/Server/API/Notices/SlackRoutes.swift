import Application
import Domain
import Foundation
import Hummingbird

/// Where an account's notices go in Slack.
struct SlackRoutes: Sendable {
  let tenancy: Tenancy
  let channels: SlackChannels

  func add(to operations: inout Operations) {
    operations.add(.slackChannel, show)
    operations.add(.setSlackChannel, set)
    operations.add(.removeSlackChannel, remove)
  }

  private func show(_ call: Call) async throws -> Response {
    let user = try await tenancy.person(call)
    let account = try await tenancy.account(call, of: user)
    return answer(try await channels.channel(of: account, for: user), account)
  }

  private func set(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let account = try await tenancy.account(call, of: actor.userID)
    let body = try await call.body()
    let wish = SlackChannels.Wish(url: try body(Self.url), topics: try body(Self.topics))
    return answer(try await channels.set(wish, of: account, by: actor), account)
  }

  private func remove(_ call: Call) async throws -> Response {
    let actor = try await tenancy.actor(call)
    let account = try await tenancy.account(call, of: actor.userID)
    return answer(try await channels.remove(from: account, by: actor), account)
  }

  private func answer(_ channel: SlackChannel, _ account: UUID) -> Response {
    .json(SeenSlackChannel(account: account, channel: channel), in: Self.channel)
  }
}
