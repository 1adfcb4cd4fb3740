package import Domain
package import EventLog
package import Foundation

/// Takes a span of a project's requests out of its numbers, or says what that would take: for a member, whose right is decided with it.
/// What the quota has used stays used; only the operator gives it back (`recount project void`).
package struct VoidTelemetry: Sendable {
  let log: Log
  let changes: ChangeLimit

  /// Over an open log, with the connections for what takes long.
  package init(log: Log, changes: ChangeLimit) {
    self.log = log
    self.changes = changes
  }

  /// What a void of the span would take now.
  package func preview(
    _ span: Voiding.Span, of project: UUID, in account: UUID
  ) async throws -> Voiding.Taken {
    try await Voiding(log: log).preview(span, on: stream(project, account))
  }

  /// Voids it. The same id once more is answered with what it did. Throws ``AccessError``, ``Throttled`` and what ``Voiding`` throws.
  package func callAsFunction(
    _ id: UUID, _ span: Voiding.Span, reason: String, of project: UUID, in account: UUID, by actor: Actor
  ) async throws -> TelemetryVoided {
    let known = try await log.load(Project.self, from: stream(project, account)).state.voids[id]
    if known == nil { try await changes.take(account) }
    let shard = log.shards.shard(of: account)
    return try await Voiding(log: log)(
      id, span, reason: reason, on: stream(project, account), from: actor.origin,
      requiring: {
        let state = try await log.load(Account.self, from: .account(account, shard: shard)).state
        try Access.check(.manageBilling, on: state, account, of: actor.userID)
      }
    ).void
  }

  private func stream(_ project: UUID, _ account: UUID) -> StreamID {
    .project(project, of: account, shard: log.shards.shard(of: account))
  }
}
