import Foundation
import Postgres

/// A place in a list that is ordered by a time and, where that ties, by an id.
struct Place {
  let time: Date
  let id: UUID

  /// To the microsecond, as the database keeps it: a coarser time would skip what shares its millisecond.
  var cursor: Cursor { Cursor(["\(Int64((time.timeIntervalSince1970 * 1e6).rounded()))", id.uuidString.lowercased()]) }

  /// The parameters by which a query finds the page after it.
  static func parameters(_ place: Place?) -> [any PostgresEncodable] { [place?.time, place?.id] }
}

extension ReadParameters {
  /// The last entry of the page before.
  func place() throws -> Place? {
    guard let given = try text("cursor") else { return nil }
    // Within the years that PostgreSQL has timestamps for.
    guard let values = Cursor(given, count: 2)?.values, let microseconds = Int64(values[0]),
      abs(microseconds) < 200_000_000_000_000_000, let id = UUID(uuidString: values[1])
    else { throw invalid("cursor", given, allowed: "next_cursor of the page before") }
    return Place(time: Date(timeIntervalSince1970: Double(microseconds) / 1e6), id: id)
  }

  /// The last entry of the page before, in a list ordered by id alone.
  func lastID() throws -> UUID? {
    guard let given = try text("cursor") else { return nil }
    guard let values = Cursor(given, count: 1)?.values, let id = UUID(uuidString: values[0]) else {
      throw invalid("cursor", given, allowed: "next_cursor of the page before")
    }
    return id
  }
}

/// A page of a list: one row more than asked for tells whether there is a next.
struct Page {
  let limit: Int
  let rows: Rows

  /// The page's entries under a name, and where it ended.
  func members(
    _ name: String, entry: (Row) throws -> [String: JSONValue], cursor: (Row) throws -> Cursor
  ) throws -> [String: JSONValue] {
    [
      name: .array(try rows.prefix(limit).map { .object(try entry($0)) }),
      "next_cursor": rows.count > limit ? .string(try cursor(rows[limit - 1]).text) : .null,
    ]
  }
}
