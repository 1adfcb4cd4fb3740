/// As many passwords wait to be checked as may: come again shortly.
package struct PasswordsWaiting: Error, Sendable {}
