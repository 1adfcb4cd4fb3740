/// A new password that won't do. Never repeats it.
package struct PasswordRefused: Error, Sendable, Equatable {
  /// Which of what was given, as whoever gave it calls it.
  package let field: String
  /// What is wrong with it.
  package let found: String
  /// What would do.
  package let allowed: String
}
