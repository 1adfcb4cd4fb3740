import CLibPQ

/// One row of an answer.
package struct Row: Sendable {
  let result: Result
  let index: Int

  /// The names of its columns, in order.
  package var columns: [String] { result.columns }

  /// The value of a column. Throws an error of kind `decoding` that names the column and what was found.
  package func decode<T: PostgresDecodable>(_ column: String, as _: T.Type = T.self) throws -> T {
    guard let place = result.columns.firstIndex(of: column) else {
      throw PostgresError(
        .decoding, "no column named \(column): the statement returns \(result.columns.joined(separator: ", "))")
    }
    return try T.decode(Cell(result: result, row: index, column: place))
  }

  /// The value of a column by its place, from 0.
  package func decode<T: PostgresDecodable>(_ column: Int, as _: T.Type = T.self) throws -> T {
    guard result.columns.indices.contains(column) else {
      throw PostgresError(
        .decoding, "no column \(column): the statement returns \(result.columns.count), counted from 0")
    }
    return try T.decode(Cell(result: result, row: index, column: column))
  }

  /// The text of a column in UTF-8, not copied, valid only within the closure. Throws for NULL.
  package func withText<R>(_ column: String, _ body: (UnsafeRawBufferPointer) throws -> R) throws -> R {
    guard let place = result.columns.firstIndex(of: column) else {
      throw PostgresError(
        .decoding, "no column named \(column): the statement returns \(result.columns.joined(separator: ", "))")
    }
    return try Cell(result: result, row: index, column: place).withText(body)
  }
}

/// One value of a row.
package struct Cell: Sendable {
  let result: Result
  let row: Int
  let column: Int

  /// The name of its column.
  package var name: String { result.columns[column] }
  /// The oid of its type.
  package var type: UInt32 { PQftype(result.pointer, Int32(column)) }
  /// Whether it is NULL.
  package var isNull: Bool { PQgetisnull(result.pointer, Int32(row), Int32(column)) != 0 }

  /// Its text in UTF-8, valid only within the closure. Throws for NULL.
  package func withText<R>(_ body: (UnsafeRawBufferPointer) throws -> R) throws -> R {
    guard !isNull else {
      throw PostgresError(
        .decoding, "column \(name) is NULL: decode it as an Optional, or exclude NULL in the statement")
    }
    return try withExtendedLifetime(result) {
      let length = Int(PQgetlength(result.pointer, Int32(row), Int32(column)))
      let start = PQgetvalue(result.pointer, Int32(row), Int32(column))
      return try body(UnsafeRawBufferPointer(start: start, count: length))
    }
  }

  /// The error for a value that is not of this type.
  package func mismatch<T>(_: T.Type) -> PostgresError {
    let text = (try? withText { String(decoding: $0.prefix(40), as: UTF8.self) }) ?? "NULL"
    return PostgresError(.decoding, "column \(name) (type oid \(type)) can't be read as \(T.self): found \(text)")
  }
}

/// What a cell can be read as.
package protocol PostgresDecodable {
  /// From one cell. Throws `PostgresError` of kind `decoding`.
  static func decode(_ cell: Cell) throws -> Self
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
  /// NULL is nil.
  package static func decode(_ cell: Cell) throws -> Wrapped? { cell.isNull ? nil : try Wrapped.decode(cell) }
}
