package import Domain
package import EventLog
package import Foundation

/// From the token of a shared link to what it shows, found and remembered as keys are (``KeyDirectory``): a link that was revoked is refused by every
/// server within a second, whether a projector runs or not.
package final class LinkDirectory: Sendable {
  private let lookUp: SecretLookUp<LinkGrant>

  package init(log: Log, questions: Questions) {
    lookUp = SecretLookUp {
      guard LinkToken(parsing: $0) != nil else { throw NoToken() }
    } ask: {
      try await Self.grant(ofHash: $0, log, questions).map { .init(grant: $0, project: $0.project.id) }
    }
  }

  private struct NoToken: Error {}

  /// What the link with this token shows now; nil: nothing, and nobody is told why. Mistyped, never shared, expired, revoked, the project in the
  /// archive, the account closed.
  package func grant(for text: String, now: Instant) async throws -> LinkGrant? {
    do {
      // By the clock at each use: a link that is remembered expires to the millisecond all the same.
      return try await lookUp(text, now: now).flatMap { $0.works(at: now) ? $0 : nil }
    } catch is NoToken {
      return nil
    }
  }

  /// Looks a project's links up anew: they have just been changed here, and whoever did it expects that to hold here at once.
  package func forget(project: UUID) { lookUp.forget(project: project) }

  private static func grant(ofHash hash: String, _ log: Log, _ questions: Questions) async throws -> LinkGrant? {
    guard let shown = try await questions.ask(PresentedLinkQuestion(hash: hash)).first else { return nil }
    guard !shown.isCurrent else { return shown.grant }
    let (listed, shard) = (shown.grant.project, shown.shard)
    let project = try await log.load(Project.self, from: .project(listed.id, of: listed.accountID, shard: shard)).state
    let account = try await log.load(Account.self, from: .account(listed.accountID, shard: shard)).state
    return LinkGrant(shown.grant, project: project, account: account)
  }
}
