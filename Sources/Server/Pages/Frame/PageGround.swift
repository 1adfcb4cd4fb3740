import Application
import Domain
import Foundation

/// What a page is made of, beside who looks and what its address says. It is named where a page is put on its path, so that whether anything of it has
/// changed is known before the page is made (``PageState``).
///
/// Whoever names one promises: all that the page shows is its visitor's profile, their memberships, the settings of the server, what an account's shard
/// and the read models of it say, and the clock, which the answer tells of (``PageAnswer/changing(at:)``). Nothing that is drawn anew each time.
enum PageGround: Sendable {
  /// The account of `?account=`, or the first.
  case account
  /// The account of the project in the path.
  case project
}

extension Site {
  /// All that decides a page that is about to be made for somebody; nil where that can't be told. What is shown of a form's success is not worth it: it
  /// is shown once.
  func state(of call: PageCall, _ ground: PageGround?) async throws -> PageState? {
    guard let ground, let visitor = call.visitor, call.parameter("done") == nil else { return nil }
    let now = clock.now
    let memberships = try await memberships(of: call)
    guard let account = await account(of: call, ground, among: memberships),
      let version = try await tenancy.questions.version(ofShardOf: account)
    else { return nil }
    return PageState(call.request, visitor, memberships, of: version, at: now, on: "\(address) \(writer.identity)")
  }

  private func account(of call: PageCall, _ ground: PageGround, among memberships: [Membership]) async -> UUID? {
    switch ground {
    case .account:
      guard let asked = call.parameter("account") else { return memberships.usual?.account.id }
      return UUID(uuidString: asked).flatMap { id in memberships.first { $0.account.id == id }?.account.id }
    case .project:
      // Whoever is in one account sees the projects of that, and no others.
      guard memberships.count > 1 else { return memberships.first?.account.id }
      guard let user = call.visitor?.principal.userID, let project = try? call.context.projectID else { return nil }
      // The page says itself why there is none.
      return try? await tenancy.access.account(of: project, .readNumbers, of: user)
    }
  }
}
