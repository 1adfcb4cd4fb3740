import CLibPQ

extension Result {
  /// The parts of an error that are used here (PostgreSQL manual, "PQresultErrorField").
  enum Field: Unicode.Scalar {
    case severity = "V"
    case sqlState = "C"
    case message = "M"
    case detail = "D"
    case hint = "H"
    case context = "W"
    case constraint = "n"
    case function = "R"
  }

  /// A part of the error, if it has that part.
  func field(_ field: Field) -> String? {
    PQresultErrorField(pointer, Int32(field.rawValue.value)).map { String(cString: $0) }
  }

  var isError: Bool {
    let status = PQresultStatus(pointer)
    return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE || status == PGRES_NONFATAL_ERROR
  }

  var isCopy: Bool {
    let status = PQresultStatus(pointer)
    return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH
  }

  var sqlState: String? { isError ? field(.sqlState) : nil }

  /// The prepared statement behind this error has to be prepared again: it is gone, or a table it reads has changed shape.
  var isOfStalePlan: Bool {
    switch sqlState {
    case "26000": true
    // "Feature not supported" has many causes; the server's function tells them apart in every language.
    case "0A000": field(.function) == "RevalidateCachedQuery"
    default: false
    }
  }

  /// The error as it is thrown.
  func error(query: String) -> PostgresError {
    var error = PostgresError(.server, field(.message) ?? "no reason given", sqlState: sqlState, query: query)
    error.detail = field(.detail)
    error.hint = field(.hint)
    error.context = field(.context)
    error.constraint = field(.constraint)
    return error
  }
}
