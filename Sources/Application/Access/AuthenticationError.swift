package import Foundation

/// Why somebody is not taken for the person that they say they are, or a proof of theirs does not hold.
package enum AuthenticationError: Error, Sendable, Equatable {
  case missingToken
  /// A project's key in the place of an access token.
  case keyForToken
  /// An access token that was not issued here, or has expired.
  case invalidToken
  /// A refresh token that was not issued here.
  case invalidRefreshToken
  case sessionOver
  /// A refresh token that was good once came again: its session has ended, and access tokens of it are refused.
  case refreshTokenReused(Principal)
  /// The same for an unknown address, a wrong password, and an address that is not verified.
  case wrongCredentials
  /// Of who is logged in.
  case wrongPassword
  /// Of a mail's link: used, expired, or never sent from here.
  case linkNotValid
  /// The address has become another person's.
  case emailTaken
  case noSuchSession(UUID)
}
