package import Domain
import Foundation

/// What a new password must be.
package struct PasswordRules: Sendable {
  private let common: CommonPasswords

  /// Reads the list of words that comes with the server.
  package init() throws {
    guard let file = Bundle.module.url(forResource: "Passwords/common-words", withExtension: "txt") else {
      throw CocoaError(.fileNoSuchFile)
    }
    common = CommonPasswords(list: try String(contentsOf: file, encoding: .utf8))
  }

  /// A new password of the person with an address. Throws ``PasswordRefused``.
  package func password(_ text: String, of address: EmailAddress?, field: String = "password") throws -> Password {
    do throws(Password.Refusal) {
      let password = try Password(choosing: text)
      if let reason = common.reason(against: password, of: address) { throw .common(reason: reason) }
      return password
    } catch {
      throw PasswordRefused(field: field, found: Self.found(error), allowed: Self.allowed)
    }
  }

  private static func found(_ refusal: Password.Refusal) -> String {
    switch refusal {
    case .tooShort: "fewer than \(Password.minimumLength) characters"
    case .tooLong: "more than \(Password.maximumBytes) bytes"
    case .common(let reason): reason
    }
  }

  private static let allowed =
    "any \(Password.minimumLength) characters or more, up to \(Password.maximumBytes) bytes, that nobody would guess first"
}
