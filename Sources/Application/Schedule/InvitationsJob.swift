package import Domain
package import EventLog

/// Forgets the addresses of people who were invited and never came: once an invitation can't be accepted any more, the key that its
/// address is sealed with is destroyed.
package struct InvitationsJob: ScheduledJob {
  private let log: Log
  private let questions: Questions

  /// `invitations`
  package let name = "invitations"
  /// Nobody waits for it.
  package let interval = Duration.days(1)
  /// Which invitations are over.
  package let readModels = ["directory"]
  /// At a time, so that memory stays bounded.
  private static let step = 500

  /// For a log, with the queries of its read models.
  package init(log: Log, queries: QueryCatalog) throws {
    self.log = log
    questions = try Questions(log: log, queries: queries)
  }

  /// Done any number of times: what has been forgotten is not found again.
  package func run(now: Instant) async throws {
    while true {
      let invitations = try await questions.invitationsOver(at: now, limit: Self.step)
      for invitation in invitations { try await log.vault.erase(invitation) }
      if invitations.count < Self.step { return }
    }
  }
}
