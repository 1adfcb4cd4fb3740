import Foundation
import TestDatabase

@testable import Application
@testable import Domain
@testable import Server

extension Target {
  /// What the log holds, read back: anybody with rights on the database may have written it.
  static let ofStoredFacts: [Target] = [
    facts(
      Project.self,
      [
        ProjectCreated(projectID: id, accountID: id, name: "shop"),
        KeyIssued(
          keyID: id, projectID: id, accountID: id, name: "k", mode: .live, scopes: [.track], hint: "", hash: "",
          expiresAt: 1_795_000_000_000),
        KeyRotated(keyID: id, projectID: id, accountID: id, successorID: id, retiresAt: 1_795_000_000_000),
        LinkShared(
          linkID: id, projectID: id, accountID: id, name: "l", mode: .live, filters: LinkFilters(), hint: "", hash: "",
          expiresAt: 1_795_000_000_000),
        TelemetryVoided(
          voidID: id, projectID: id, accountID: id, mode: .live, from: 1, to: 2, uptoPosition: 3, reason: "r",
          givesBackQuota: true,
          counts: [
            VoidedCount(month: "2026-11", keyID: id, events: 4), VoidedCount(month: "2026-12", keyID: id, events: 5),
          ]),
      ]
    ) { project, now in
      for key in project.keys.values { _ = key.works(at: now) }
      for void in project.voids.values { _ = void.events }
      for link in project.links.values { _ = link.status(at: now) }
      _ = try? project.decide(.revokeKey(id))
      _ = try? project.decide(.revokeLink(id))
    },
    facts(
      Account.self,
      [
        AccountOpened(accountID: id, tier: .free, monthlyQuota: 1_000),
        MemberAdded(accountID: id, userID: id, role: .owner),
        MemberInvited(
          accountID: id, invitationID: id, emailDigest: "", emailSealed: "", role: .member, tokenHash: "",
          expiresAt: 1_795_000_000_000, invitedBy: id),
      ]
    ) { account, now in
      _ = try? account.decide(.accept(invitation: id, tokenHash: "", by: id, at: now))
      _ = try? account.decide(.changeTier(.pro, because: .operator, at: now))
    },
    facts(
      User.self,
      [
        UserRegistered(userID: id, emailDigest: "", emailSealed: ""),
        TokenIssued(
          userID: id, tokenID: id, purpose: .resetPassword, tokenHash: "", expiresAt: 1_795_000_000_000,
          emailSealed: nil),
      ]
    ) { user, _ in _ = user.isPresent },
    facts(
      Session.self,
      [
        SessionStarted(sessionID: id, userID: id, tokenHash: "", expiresAt: 1_795_000_000_000, generation: 0),
        SessionRefreshed(sessionID: id, userID: id, tokenHash: "", expiresAt: 1_795_000_000_000, generation: 0),
      ]
    ) { session, now in _ = !session.isEnded && now < session.expiresAt },
  ]

  private static let id = UUID()

  private static func facts<D: Decider>(
    _: D.Type, _ samples: [any EventData], _ ask: @escaping @Sendable (D, Instant) -> Void
  ) -> Target {
    let seeds = samples.compactMap { try? EventCoding.encode($0) }
    return Target("facts of \(D.self)", seeds) { bytes, fuzzer in
      var state = D()
      // A state as it should be, and one fact that may be anything.
      for text in seeds + [bytes] {
        for kind in D.Event.kinds {
          if let event = try? D.Event.decode(kind.type, from: text) { state.evolve(event) }
        }
      }
      ask(state, Instant(milliseconds: fuzzer.number()))
    }
  }
}
