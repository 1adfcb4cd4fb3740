import Crypto
import Domain
import Foundation

/// What the stored rows of a read model are, as a text that is another one whenever they may be others.
package struct ReadModelDefinition: Sendable, Hashable {
  /// SHA-256, in hex, of schema.sql and apply.sql, and of what the projector makes of the tables that it keeps for them.
  package let text: String

  /// What stored rows of series and places mean: labels, buckets, cells, places and their signatures. Whatever changes that changes this,
  /// and rows are made anew.
  package static let seriesFormat = 3

  /// - Parameters:
  ///   - schema: schema.sql.
  ///   - apply: apply.sql.
  package init(schema: String, apply: String) {
    let kept = Self.keptTables(of: schema) > 0 ? "\nkept as \(Self.seriesFormat)" : ""
    text = Hex.text(SHA256.hash(data: Data((schema + "\n" + apply + kept).utf8)))
  }

  /// How many series and tables of places schema.sql asks for.
  package static func keptTables(of schema: String) -> Int {
    schema.matches(of: /SELECT log\.create_(series|places)\(/).count
  }
}
