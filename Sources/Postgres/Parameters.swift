import CLibPQ

/// The parameters of one statement, laid out as libpq wants them: all bytes in one buffer, one allocation each array.
struct Parameters {
  private var bytes: [UInt8] = []
  private var places: [Int?] = []
  private var lengths: [Int32] = []
  private var formats: [Int32] = []
  private(set) var types: [Oid] = []

  /// Throws what the server would answer (22021) for a NUL in a text, which libpq would cut off there without a word.
  init(_ query: Query) throws {
    guard query.parameters.count <= 65_535 else {
      throw PostgresError(
        .server, "\(query.parameters.count) parameters, at most 65535 are allowed: pass arrays instead",
        sqlState: "54023",
        query: query.sql)
    }
    bytes.reserveCapacity(query.parameters.reduce(0) { $0 + ($1.bytes?.count ?? 0) + 1 })
    for (index, parameter) in query.parameters.enumerated() {
      types.append(parameter.type)
      formats.append(parameter.format.rawValue)
      lengths.append(Int32(parameter.bytes?.count ?? 0))
      places.append(parameter.bytes == nil ? nil : bytes.count)
      guard let value = parameter.bytes else { continue }
      guard parameter.format == .binary || !value.contains(0) else {
        throw PostgresError(
          .server,
          "parameter $\(index + 1) holds a NUL character, which PostgreSQL's text types can't: remove it, or use bytea",
          sqlState: "22021", query: query.sql)
      }
      bytes += value
      bytes.append(0)
    }
  }

  /// Calls one of libpq's PQsend functions with count, values, lengths and formats.
  func send(
    _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Int32
  ) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      let values = places.map { place in
        place.flatMap { buffer.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self) }
      }
      return body(Int32(values.count), values, lengths, formats)
    }
  }
}
