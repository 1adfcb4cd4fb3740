import Domain
import RecountClient

/// The request line of HTTP as servers log it: `GET /path HTTP/1.1`.
struct RequestLine {
  let method: String
  let endpoint: String

  init(_ bytes: some BidirectionalCollection<UInt8>) throws(LineError) {
    var scanner = LineScanner(ArraySlice(bytes))
    let method = scanner.takeWord()
    scanner.skipSpaces()
    var target = scanner.rest
    // The protocol is the last word; a target that a careless client sent with spaces in it is kept whole. HTTP/0.9 has none.
    if let space = target.lastIndex(of: UInt8(ascii: " ")), target[(space + 1)...].starts(with: "HTTP/".utf8) {
      target = target[..<space]
    }
    let known = try TrackRules.method(method)
    self.method = known.rawValue
    endpoint = try TrackRules.endpoint(Self.path(target), of: known)
  }

  /// A proxy's request names the whole URL (absolute-form, RFC 9112, section 3.2.2): what follows the authority counts.
  private static func path(_ target: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    if target.first == UInt8(ascii: "/") { return target }
    let head = String(decoding: target.prefix(8), as: UTF8.self).lowercased()
    guard head.hasPrefix("http://") || head.hasPrefix("https://") else { return target }
    let authority = target.dropFirst(head.hasPrefix("https://") ? 8 : 7)
    let path = authority.drop { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
    return path.first == UInt8(ascii: "/") ? path : [UInt8(ascii: "/")] + path
  }
}
