import Testing

@testable import Domain

/// Any token is a method, and what is no path is an endpoint of the method that it is sent with.
@Suite struct TrackedMethodTests {
  @Test(arguments: ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"])
  func aKnownMethodIsUpperCaseHoweverItIsSent(name: String) {
    let mixed = name.prefix(1) + name.dropFirst().lowercased()
    for sent in [name, name.lowercased(), String(mixed)] {
      #expect(TrackedMethod(rawValue: sent)?.rawValue == name)
    }
  }

  @Test(arguments: [
    "PROPFIND", "REPORT", "QUERY", "report", "Get2", "M-SEARCH", "VERSION-CONTROL", "!#$%&'*+-.^_`|~09azAZ",
    String(repeating: "X", count: 40), "x",
  ])
  func anyOtherTokenStaysAsItIs(name: String) { #expect(TrackedMethod(rawValue: name)?.rawValue == name) }

  @Test(arguments: [
    "", " ", "GET ", "B REW", "GET/", "G\"ET", "G\\ET", "GÉT", "G\u{0}ET", "(GET)", "a:b",
    String(repeating: "X", count: 41),
  ])
  func whatIsNoTokenOrTooLongIsNone(name: String) { #expect(TrackedMethod(rawValue: name) == nil) }

  @Test(arguments: [
    ("OPTIONS", "*"), ("options", "*"), ("CONNECT", "example.com:443"), ("CONNECT", "10.11.10.1:8080"),
    ("connect", "[2001:db8::1]:443"), ("CONNECT", "a-b.c_d:0"), ("CONNECT", "x:65535"), ("OPTIONS", "/x"),
    ("CONNECT", "/x"),
  ])
  func aTargetThatIsNoPathIsAnEndpointOfItsMethodAndItsOwnTemplate(method: String, target: String) throws {
    let text = Sample.event(["method": "\"\(method)\"", "endpoint": "\"\(target)\""])
    let escaped = text.replacing("\"endpoint\":\"\(target.prefix(1))", with: "\"endpoint\":\"\(Self.escape(target))")
    for text in [text, escaped] {
      guard case .valid(let request) = try decode(text).events[0].validity else { Issue.record("\(text)"); continue }
      #expect(request.endpoint == target && request.template == target)
      #expect(PathTemplate.template(of: target) == target)
    }
  }

  /// The first character, written as an escape.
  private static func escape(_ target: String) -> String {
    let digits = String(target.utf16.first ?? 0, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }

  @Test(arguments: [
    ("GET", "*"), ("PROPFIND", "*"), ("GET", "example.com:443"), ("OPTIONS", "example.com:443"), ("CONNECT", "*"),
    ("OPTIONS", "**"), ("CONNECT", "example.com"), ("CONNECT", ":443"), ("CONNECT", "example.com:"),
    ("CONNECT", "example.com:65536"), ("CONNECT", "example.com:123456"), ("CONNECT", "user@example.com:443"),
    ("CONNECT", "a/b:443"), ("CONNECT", "[]:443"), ("CONNECT", "[x]:443"), ("CONNECT", "[::1:443"),
    ("CONNECT", "é:443"),
    ("CONNECT", "http://example.com:443"), ("B REW", "*"),
  ])
  func ofAnotherMethodOrMalformedItIsNone(method: String, target: String) throws {
    let text = Sample.event(["method": "\"\(method)\"", "endpoint": "\"\(target)\""])
    guard case .invalid(let problem) = try decode(text).events[0].validity else { Issue.record("\(text)"); return }
    #expect(problem.field == .endpoint && problem.allowed.contains("OPTIONS"))
  }

  @Test func whatStandsInTheLogIsTheTokenItself() throws {
    let method = "!#$%&'*+-.^_`|~aZ9"
    let text = Sample.event(["method": "\"\(method)\""])
    let encoded = String(decoding: try decode(text).events[0].digestInput, as: UTF8.self)
    #expect(encoded.contains("\"method\":\"\(method)\""))
  }
}
