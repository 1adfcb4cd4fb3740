import Postgres

/// `text[]` in PostgreSQL's binary format: texts that are UTF-8 bytes already go over as they are, where the text format would
/// have every quote in them escaped and unescaped again.
struct TextArray: PostgresEncodable {
  let elements: [[UInt8]]

  init(_ elements: [[UInt8]]) { self.elements = elements }

  var parameter: Parameter {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(elements.reduce(20) { $0 + $1.count + 4 })
    func append(_ number: Int) { withUnsafeBytes(of: Int32(number).bigEndian) { bytes += $0 } }
    append(1)  // dimensions
    append(0)  // no NULLs
    append(25)  // of text
    append(elements.count)
    append(1)  // lower bound
    for element in elements {
      append(element.count)
      bytes += element
    }
    return Parameter(type: 1009, format: .binary, bytes: bytes)
  }
}
