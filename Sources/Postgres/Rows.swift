import CLibPQ

/// The answer to a statement.
///
/// Rows and cells are views of libpq's own result, which is freed with the last of them: no copy and no allocation per cell.
package struct Rows: Sendable {
  let result: Result

  /// The names of the columns, in order.
  package var columns: [String] { result.columns }
  /// How many rows an INSERT, UPDATE, DELETE or SELECT touched, as its command tag says; 0 for other statements.
  package var affected: Int { result.affected }
}

extension Rows: RandomAccessCollection {
  /// The first row.
  package var startIndex: Int { 0 }
  /// How many rows there are.
  package var endIndex: Int { result.count }
  /// A row by its place.
  package subscript(position: Int) -> Row {
    precondition(indices.contains(position), "row \(position) of \(count)")
    return Row(result: result, index: position)
  }
}

/// Owns a PGresult.
///
/// Unchecked: a PGresult doesn't change once it has been received, and libpq allows it to be read from any thread
/// (PostgreSQL manual, "Behavior in Threaded Programs"); the pointer never leaves this class but to be read.
final class Result: @unchecked Sendable {
  let pointer: OpaquePointer
  let count: Int
  let columns: [String]

  init(_ pointer: OpaquePointer) {
    self.pointer = pointer
    count = Int(PQntuples(pointer))
    columns = (0..<PQnfields(pointer)).map { PQfname(pointer, $0).map { String(cString: $0) } ?? "" }
  }

  deinit { PQclear(pointer) }

  var affected: Int { PQcmdTuples(pointer).flatMap { Int(String(cString: $0)) } ?? 0 }
  var tag: String { PQcmdStatus(pointer).map { String(cString: $0) } ?? "" }
}
