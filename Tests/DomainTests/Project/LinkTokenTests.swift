import Testing

@testable import Domain

@Suite struct LinkTokenTests {
  private static func drawn() throws -> LinkToken {
    try LinkToken(randomBytes: (0..<APIKey.randomByteCount).map { _ in UInt8.random(in: 0...255) })
  }

  @Test func aTokenIsReadAsItWasDrawn() throws {
    let token = try Self.drawn()
    #expect(token.secret.hasPrefix("sl_") && token.secret.utf8.count == LinkToken.length)
    #expect(LinkToken(parsing: token.secret) == token)
    #expect(try Self.drawn() != token)
  }

  @Test func whatIsMistypedCutOffOrAKeyIsNone() throws {
    let secret = try Self.drawn().secret
    for place in 3..<LinkToken.length {
      var other = Array(secret.utf8)
      other[place] = other[place] == UInt8(ascii: "a") ? UInt8(ascii: "b") : UInt8(ascii: "a")
      #expect(LinkToken(parsing: String(decoding: other, as: UTF8.self)) == nil, "\(place)")
    }
    let key = try APIKey(mode: .live, randomBytes: Array(repeating: 7, count: APIKey.randomByteCount))
    let wrong = [
      "", "sl_", String(secret.dropLast()), secret + "a", " " + secret.dropLast(), key.secret,
      "sl_" + String(repeating: "é", count: 19), "sl_" + String(repeating: "/", count: 38),
    ]
    for text in wrong { #expect(LinkToken(parsing: text) == nil, "\(text)") }
  }

  @Test func printingATokenDoesNotGiveItAway() throws {
    let token = try Self.drawn()
    var dumped = ""
    dump(token, to: &dumped)
    for text in ["\(token)", String(reflecting: token), dumped] { #expect(!text.contains(token.secret)) }
    #expect(token.hint.count == 12 && token.secret.hasPrefix(token.hint.prefix(7)))
  }

  @Test func randomBytesMustBeEnough() {
    #expect(throws: APIKeyError.wrongRandomByteCount(found: 31, allowed: 32)) {
      try LinkToken(randomBytes: Array(repeating: 0, count: 31))
    }
  }
}
