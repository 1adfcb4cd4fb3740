package import Domain
package import Foundation

/// Why a person may not do something for an account.
package enum AccessError: Error, Sendable, Equatable {
  /// The same for an account that isn't there and one that is someone else's: ids can't be probed.
  case noAccount(UUID)
  /// The same for a project that isn't there and one that is someone else's.
  case noProject(UUID)
  /// A member whose role does not give the right.
  case forbidden(Account.Role, Action)
}

extension AccessError: CustomStringConvertible {
  /// In words, for whoever asked.
  package var description: String {
    switch self {
    case .noAccount(let id): "you are a member of no account \(id.text)"
    case .noProject(let id): "there is no project \(id.text) that you may see"
    case .forbidden(let role, let action):
      "your role in this account, \(role.rawValue), does not give the right to this: \(action.words)"
    }
  }
}
