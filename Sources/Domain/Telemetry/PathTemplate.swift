/// From the path a customer was called with to the endpoint it belongs to: `/v2/9f3c…/servers` is `/v2/{id}/servers`.
///
/// - A segment that is an id becomes `{id}`; `PathSegment` has the rules. An id with a file extension keeps the
///   extension: `/orders/450789469.json` is `/orders/{id}.json`.
/// - A query becomes `?{query}`, whatever is in it. A filtered or paged list is another piece of work than the plain
///   one, so it is counted apart, and never split by its values. An empty query, and a fragment, are dropped.
/// - Everything else, a trailing slash included, stays as it was sent; so does what is no path, such as the `*` of `OPTIONS *`.
///
/// A template is its own template. The work is linear in the path, and the template at most 2.5 times as long.
package enum PathTemplate {
  private static let id: StaticString = "{id}"
  private static let query: StaticString = "?{query}"

  /// The template of a path.
  package static func template(of path: String) -> String {
    var path = path
    var output: [UInt8] = []
    path.withUTF8 { append(templateOf: $0, to: &output) }
    return String(decoding: output, as: UTF8.self)
  }

  /// Appends the template of a path given as UTF-8.
  static func append(templateOf path: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    guard path.first == UInt8(ascii: "/") else {
      output.append(contentsOf: path)
      return
    }
    var start = 0
    var index = 0
    while index < path.count {
      switch path[index] {
      case UInt8(ascii: "/"):
        append(segment: UnsafeBufferPointer(rebasing: path[start..<index]), to: &output)
        output.append(UInt8(ascii: "/"))
        start = index + 1
      case UInt8(ascii: "?"), UInt8(ascii: "#"):
        append(segment: UnsafeBufferPointer(rebasing: path[start..<index]), to: &output)
        if hasQuery(path, at: index) { output.append(query) }
        return
      default: break
      }
      index += 1
    }
    append(segment: UnsafeBufferPointer(rebasing: path[start...]), to: &output)
  }

  private static func hasQuery(_ path: UnsafeBufferPointer<UInt8>, at mark: Int) -> Bool {
    path[mark] == UInt8(ascii: "?") && mark + 1 < path.count && path[mark + 1] != UInt8(ascii: "#")
  }

  private static func append(segment bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    if PathSegment(bytes).isID {
      output.append(id)
    } else if let dot = fileExtension(of: bytes), PathSegment(UnsafeBufferPointer(rebasing: bytes[..<dot])).isID {
      output.append(id)
      output.append(contentsOf: bytes[dot...])
    } else {
      output.append(contentsOf: bytes)
    }
  }

  /// Where a file extension of one to five characters starts, the first a letter.
  private static func fileExtension(of bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    for dot in stride(from: bytes.count - 2, through: max(1, bytes.count - 6), by: -1) {
      if bytes[dot] == UInt8(ascii: ".") { return ASCII.isLetter(bytes[dot + 1]) ? dot : nil }
      if !ASCII.isLetter(bytes[dot]) && !ASCII.isDigit(bytes[dot]) { return nil }
    }
    return nil
  }
}
