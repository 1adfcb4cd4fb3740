import CLibPQ

/// What a statement returned: copied once out of libpq into one buffer, so that rows are values without allocations of their own.
public struct Rows: Sendable, RandomAccessCollection {
  /// The columns' names, in order.
  public let columns: [String]
  /// Rows that an INSERT, UPDATE or DELETE touched.
  public let affected: Int
  public let startIndex = 0
  public let endIndex: Int
  private let bytes: [UInt8]
  /// For each cell its end in `bytes`; a NULL is marked by its complement.
  private let ends: [Int]

  init(_ result: OpaquePointer) {
    let width = Int(PQnfields(result))
    endIndex = Int(PQntuples(result))
    columns = (0..<width).map { String(cString: PQfname(result, Int32($0))) }
    affected = Int(String(cString: PQcmdTuples(result))) ?? 0
    var bytes: [UInt8] = []
    var ends: [Int] = []
    ends.reserveCapacity(width * endIndex)
    for row in 0..<Int32(endIndex) {
      for column in 0..<Int32(width) {
        if PQgetisnull(result, row, column) == 1 {
          ends.append(~bytes.count)
          continue
        }
        let value = UnsafeRawBufferPointer(
          start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
        bytes.append(contentsOf: value)
        ends.append(bytes.count)
      }
    }
    self.bytes = bytes
    self.ends = ends
  }

  /// A row.
  public subscript(position: Int) -> Row { Row(rows: self, index: position) }

  func cell(row: Int, column: Int) -> Cell {
    let index = row * columns.count + column
    let end = ends[index]
    guard end >= 0 else { return Cell(column: columns[column], text: nil) }
    let previous = index == 0 ? 0 : ends[index - 1]
    return Cell(column: columns[column], text: bytes[(previous >= 0 ? previous : ~previous)..<end])
  }
}

/// One row of a result.
public struct Row: Sendable {
  let rows: Rows
  let index: Int

  /// The value of a column. Throws `PostgresError` of kind `decoding` when there is no such column or it doesn't hold such a value.
  public func decode<T: PostgresDecodable>(_ column: String, as _: T.Type = T.self) throws -> T {
    guard let position = rows.columns.firstIndex(of: column) else {
      throw PostgresError(.decoding, "the result has no column \(column), only \(rows.columns.joined(separator: ", "))")
    }
    return try T.decode(rows.cell(row: index, column: position))
  }
}

/// One value of a result, in PostgreSQL's text format; nil is NULL.
public struct Cell: Sendable {
  let column: String
  let text: ArraySlice<UInt8>?

  /// The text of a value that is not NULL.
  func required(_ type: Any.Type) throws -> String {
    guard let text else { throw PostgresError(.decoding, "column \(column) is NULL where \(type) was wanted") }
    return String(decoding: text, as: UTF8.self)
  }

  func mismatch(_ type: Any.Type) -> PostgresError {
    let found = text.map { String(decoding: $0.prefix(64), as: UTF8.self) } ?? "NULL"
    return PostgresError(.decoding, "column \(column) holds \(found) where \(type) was wanted")
  }
}
