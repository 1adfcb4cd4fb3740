import Foundation
package import Postgres

/// How to connect to one database: a URL, or libpq's `key=value` words.
package struct DatabaseURL: Sendable, Hashable, CustomStringConvertible {
  /// As libpq takes it.
  package let string: String

  /// As libpq takes it.
  package init(_ string: String) { self.string = string }

  /// As libpq takes it.
  package var description: String { string }

  /// Settings for connections to it: with more patience than the product has, for what is tried here is never whether a busy machine answers
  /// within half a minute.
  package var settings: ConnectionSettings {
    ConnectionSettings(
      string, applicationName: "recount tests", connectDeadline: .seconds(120), statementDeadline: .seconds(600))
  }

  /// Another database of the same server.
  package func database(_ name: String) -> DatabaseURL {
    guard string.contains("://"), var parts = URLComponents(string: string) else {
      // Of two words with one key libpq takes the last.
      return DatabaseURL(string + " dbname=" + name)
    }
    parts.path = "/" + name
    return DatabaseURL(parts.string ?? string)
  }
}
