import Foundation
import Postgres

/// A place in a list that is ordered by a time and, where that ties, by an id.
struct Place {
  let time: Date
  let id: UUID

  var cursor: Cursor { Cursor(time, id) }

  /// The parameters by which a query finds the page after it.
  static func parameters(_ place: Place?) -> [any PostgresEncodable] { [place?.time, place?.id] }
}

extension ReadParameters {
  /// The last entry of the page before.
  func place() throws -> Place? {
    try cursor(Date.self, UUID.self).map { Place(time: $0, id: $1) }
  }
}

/// A page of a list: one row more than asked for tells whether there is a next.
struct Page {
  let limit: Int
  let rows: Rows

  /// The page's entries under a name, and where it ended. What an entry is nil of is left out.
  func members(
    _ name: String, entry: (Row) throws -> [String: JSONValue]?, cursor: (Row) throws -> Cursor
  ) throws -> [String: JSONValue] {
    [
      name: .array(try rows.prefix(limit).compactMap { try entry($0).map { .object($0) } }),
      "next_cursor": rows.count > limit ? .string(try cursor(rows[limit - 1]).text) : .null,
    ]
  }
}
