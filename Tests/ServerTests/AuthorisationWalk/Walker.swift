import Domain
import Foundation

/// Somebody who asks, and how the route should take it.
struct Walker: Sendable {
  let name: String
  /// What follows `Bearer`; nil for no header at all.
  let credential: String?
  let standing: Standing

  enum Standing: Sendable, Equatable {
    /// Not known: no credential, or one that proves nothing.
    case nobody
    /// Logged in, and of this account as this; nil for somebody else's.
    case person(Account.Role?)
    /// A key of this account's project, or of another's, with these scopes.
    case key(scopes: Set<KeyScope>, isOurs: Bool)
  }
}
