import Domain
import Foundation

/// What a notice says about one event: facts, not words. Renderers make words of them.
struct Telling: Sendable {
  /// Nil where the event does not say whose it is.
  let recipients: Recipients?
  let address: Address
  /// By the names that templates have for them.
  let facts: [String: FactValue]
  /// The token of what it asks its reader to do.
  let token: Token?
  /// When what it carries stops working.
  let expiry: Instant?

  /// Whom it is told to.
  enum Recipients: Sendable {
    /// The vault's subject whose key opens the address: a person, or an invitation.
    case subject(UUID)
    /// Some of an account's members.
    case members(Members)
  }

  /// Which of an account's members.
  struct Members: Sendable {
    let account: UUID
    let roles: Set<Account.Role>
    /// What the account's tier must have.
    let gate: TierFeature?

    /// Who they are by now, in an order that is the same each time.
    func people(of state: Account, at now: Instant) -> [UUID] {
      if let gate, !state.tier(at: now).has(gate) { return [] }
      return state.members.filter { roles.contains($0.value) }.keys.sorted { $0.uuidString < $1.uuidString }
    }
  }

  /// Where to, if by mail.
  enum Address: Sendable {
    /// Where the person reads mail when it is sent.
    case current
    /// Where they read it before a position of the shard's log.
    case before(Int64)
    /// A sealed one that the event brings; nil where it should and does not.
    case sealed(String?)
  }

  /// The log has a token's id alone; the token is computed from it, the same each time.
  struct Token: Sendable {
    let id: UUID
    /// Whose stream decides on it.
    let owner: UUID
  }
}

/// A fact, as a value.
enum FactValue: Sendable, Equatable {
  case time(Instant)
  case number(Int)
  case text(String)
  /// Called by its name when it is told, which no event of another time has.
  case account(UUID)
  /// Likewise: their name is sealed, and may be erased.
  case person(UUID)
}
