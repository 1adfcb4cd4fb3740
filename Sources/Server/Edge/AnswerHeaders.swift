import Glibc
import NIOHTTP1

/// What every answer says to browsers, whatever it is: a problem, a 404, what the protocol itself is refused with.
struct AnswerHeaders: Sendable {
  private let always: [(name: String, value: String)]

  /// - Parameter isSecure: whether people reach the server by https, so that browsers may be told to come by nothing else.
  init(isSecure: Bool) {
    var always = [
      ("X-Content-Type-Options", "nosniff"),
      // An answer of the API is no page: nothing in it is to be fetched, run, framed or submitted. A page says what it needs itself.
      ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
      ("Referrer-Policy", "no-referrer"),
      // What may be kept says so itself.
      ("Cache-Control", "no-store"),
    ]
    // A year, which is what browsers that preload ask for. Without includeSubDomains: other names are not ours to decide on.
    if isSecure { always.append(("Strict-Transport-Security", "max-age=31536000")) }
    self.always = always
  }

  /// Adds what isn't there.
  func add(to headers: inout HTTPHeaders) {
    for (name, value) in always where !headers.contains(name: name) { headers.add(name: name, value: value) }
  }

  /// Now, as the field `Date` has it (RFC 9110, section 5.6.7).
  static var date: String {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let length = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
    return String(decoding: text.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
