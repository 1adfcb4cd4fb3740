package import Domain
import EventLog

/// Erases the people whose time to think better of it has passed.
package struct ErasureJob: ScheduledJob {
  private let people: People

  /// `erasure`
  package let name = "erasure"
  /// A person was told a day, so an hour more or less is nothing.
  package let interval = Duration.hours(1)
  /// Who is to be erased.
  package let readModels = ["people"]

  /// Longer than anybody may have to think better of it.
  private static let longestGrace = Duration.days(366)

  /// For the people of a log.
  package init(people: People) { self.people = people }

  /// One after the other. Who can't be erased now is tried again at the next run, and keeps nobody else waiting.
  package func run(now: Instant) async throws {
    // Whoever is still to be charged, since Stripe was away when they wished to go.
    if people.billing != nil {
      for user in try await people.questions.deletionsDue(at: now + Self.longestGrace) {
        // As the log has it by now: they may have thought better of it since the read model was asked.
        guard try await people.user(user).deletionDue != nil else { continue }
        await people.stopPaying(user, Origin(actorID: user))
      }
    }
    var failures: [any Error] = []
    for user in try await people.questions.deletionsDue(at: now) {
      try Task.checkCancellation()
      do { try await Erase(people: people)(user, now: now) } catch { failures.append(error) }
    }
    if let failure = failures.first { throw failure }
  }
}
