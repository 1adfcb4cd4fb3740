import Testing

@testable import Domain

@Suite struct APIKeyTests {
  let key: APIKey

  init() throws {
    key = try APIKey(mode: .live, randomBytes: (0..<32).map { UInt8($0 * 7 + 1) })
  }

  @Test(
    "CRC-32/ISO-HDLC gives the published check values",
    arguments: [
      ("", 0), ("123456789", 0xCBF4_3926), ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
      ("a", 0xE8B7_BE43),
    ] as [(String, UInt32)])
  func crc(text: String, checksum: UInt32) {
    #expect(CRC32.checksum(text.utf8) == checksum)
  }

  @Test func base62IsBigEndianAndPadded() {
    #expect(Base62.text([0], length: 3) == "000")
    #expect(Base62.text([61], length: 2) == "0z")
    #expect(Base62.text([1, 0], length: 2) == "48")
    #expect(Base62.text([0xFF, 0xFF, 0xFF, 0xFF], length: 6) == "4gfFC3")
  }

  @Test func aNewKeyParsesToItself() throws {
    for mode in KeyMode.allCases {
      let key = try APIKey(mode: mode, randomBytes: (0..<32).map { UInt8($0) })
      #expect(key.secret.utf8.count == APIKey.length)
      #expect(key.secret.hasPrefix("sk_\(mode.rawValue)_"))
      #expect(try APIKey(parsing: key.secret) == key)
    }
  }

  @Test func everySingleMistypedCharacterIsNoticed() {
    let characters = Array(key.secret)
    for place in 8..<characters.count {
      var mistyped = characters
      mistyped[place] = mistyped[place] == "x" ? "y" : "x"
      #expect(throws: APIKeyError.checksumMismatch) { try APIKey(parsing: String(mistyped)) }
    }
  }

  @Test func whatIsNoKeyIsRefusedWithItsReason() {
    #expect(throws: APIKeyError.wrongPrefix) { try APIKey(parsing: "") }
    #expect(throws: APIKeyError.wrongPrefix) { try APIKey(parsing: "SK_LIVE_" + key.secret.dropFirst(8)) }
    #expect(throws: APIKeyError.wrongLength(found: 45, allowed: 46)) {
      try APIKey(parsing: String(key.secret.dropLast()))
    }
    #expect(throws: APIKeyError.wrongLength(found: 47, allowed: 46)) { try APIKey(parsing: key.secret + " ") }
    #expect(throws: APIKeyError.badCharacter(place: 46)) { try APIKey(parsing: key.secret.dropLast() + "-") }
    #expect(throws: APIKeyError.checksumMismatch) { try APIKey(parsing: "sk_test_" + key.secret.dropFirst(8)) }
    #expect(throws: APIKeyError.wrongRandomByteCount(found: 3, allowed: 32)) {
      try APIKey(mode: .live, randomBytes: [1, 2, 3])
    }
  }

  @Test func printingAKeyNeverLeaksIt() {
    var dumped = ""
    dump(key, to: &dumped)
    for text in ["\(key)", String(reflecting: key), "\([key])", "\(Optional(key) as Any)", dumped] {
      #expect(!text.contains(key.secret.dropFirst(12).prefix(8)))
      #expect(text.contains(key.hint))
    }
    #expect(key.hint == "\(key.secret.prefix(12))…\(key.secret.suffix(4))")
  }
}
