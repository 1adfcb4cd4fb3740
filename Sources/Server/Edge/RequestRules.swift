import HTTPTypes
import NIOHTTP1

/// What a request's head must be for its message to have one meaning only, whoever reads it (RFC 9112). Two readers of one message
/// who disagree on where it ends are how requests are smuggled past a proxy.
enum RequestRules {
  enum Ruling {
    /// As it is, or with its target in the form that routes know.
    case serve(HTTPRequestHead)
    /// `OPTIONS *`: asks of the server as a whole.
    case options
    case refuse(Problem)
  }

  static func rule(on head: HTTPRequestHead) -> Ruling {
    if let problem = framing(head) ?? host(head) { return .refuse(problem) }
    return target(head)
  }

  // The parser refuses differing or broken Content-Lengths itself.
  private static func framing(_ head: HTTPRequestHead) -> Problem? {
    guard head.headers.contains(name: "Transfer-Encoding") else { return nil }
    let codings = head.headers[canonicalForm: "Transfer-Encoding"].map { $0.lowercased() }
    if head.version.minor < 1 {
      return .malformedRequest("Transfer-Encoding in HTTP/1.0, which has none: send Content-Length")
    }
    if head.headers.contains(name: "Content-Length") {
      return .malformedRequest("both Content-Length and Transfer-Encoding: send one of them")
    }
    guard codings.last == "chunked", !codings.dropLast().contains("chunked") else {
      return .malformedRequest(
        "a Transfer-Encoding that does not end with chunked, once: send `chunked`, or Content-Length")
    }
    guard codings.count == 1 else {
      return Problem(
        .notImplemented,
        "a transfer coding beside chunked: send `Transfer-Encoding: chunked` and `Content-Encoding: gzip`")
    }
    return nil
  }

  private static func host(_ head: HTTPRequestHead) -> Problem? {
    let hosts = head.headers["Host"]
    guard hosts.count <= 1 else { return .malformedRequest("\(hosts.count) Host fields: send one") }
    guard let host = hosts.first else {
      return head.version.minor < 1 ? nil : .malformedRequest("no Host field, which HTTP/1.1 requires")
    }
    return isAuthority(host) ? nil : .malformedRequest("a Host that is no host: send a name or an address, and a port")
  }

  private static func target(_ head: HTTPRequestHead) -> Ruling {
    if head.method == .CONNECT { return .refuse(Problem(.notImplemented, "CONNECT: this is no proxy")) }
    if head.uri.utf8.first == UInt8(ascii: "/") { return .serve(head) }
    if head.uri == "*" {
      return head.method == .OPTIONS ? .options : .refuse(.malformedRequest("the target * is for OPTIONS alone"))
    }
    guard let absolute = absolute(head) else {
      return .refuse(.malformedRequest("a target that is neither a path, from /, nor an http URL"))
    }
    return .serve(absolute)
  }

  /// The absolute form, as clients of proxies write it (RFC 9112, section 3.2.2): its authority goes before Host.
  private static func absolute(_ head: HTTPRequestHead) -> HTTPRequestHead? {
    guard let scheme = ["http://", "https://"].first(where: { head.uri.lowercased().hasPrefix($0) }) else { return nil }
    let rest = head.uri.dropFirst(scheme.count)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.isEmpty, isAuthority(String(authority)) else { return nil }
    var head = head
    let path = rest[authority.endIndex...].prefix { $0 != "#" }
    head.uri = path.first == "/" ? String(path) : "/\(path)"
    head.headers.replaceOrAdd(name: "Host", value: String(authority))
    return head
  }

  /// A host and perhaps a port, as far as its characters go: nothing that ends one, no user, no second one.
  private static func isAuthority(_ text: String) -> Bool {
    text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-._~:[]%!$&'()*+;=".utf8.contains(byte)
      }
    }
  }
}

extension Problem {
  /// A request that is no HTTP.
  static func malformedRequest(_ found: String) -> Problem {
    Problem(.malformedRequest, "the request can't be read as HTTP: found \(found)")
  }

  /// Why the parser gave up.
  init(_ error: HTTPParserError, limits: ServerLimits) {
    switch error {
    case .headerOverflow:
      self.init(
        .headersTooLarge,
        "the request's head is larger than allowed: \(limits.headBytes) bytes, and \(limits.headFields) fields")
    case .invalidEOFState, .closedConnection: self = .malformedRequest("its end before the end of the message")
    case .invalidChunkSize: self = .malformedRequest("a chunk whose size is no hexadecimal number")
    case .invalidContentLength, .unexpectedContentLength:
      self = .malformedRequest("a Content-Length that is no number, or one too many")
    case .invalidVersion: self = .malformedRequest("another version than HTTP/1.1 or HTTP/1.0")
    case .invalidMethod: self = .malformedRequest("a method that there isn't")
    case .invalidURL: self = .malformedRequest("a target that is no URL")
    case .invalidHeaderToken: self = .malformedRequest("a field with a character that it can't have")
    default: self = .malformedRequest("bytes that do not belong there")
    }
  }
}
