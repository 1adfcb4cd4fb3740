import Domain
import Foundation
import Testing

@Suite struct CommonPasswordsTests {
  private static let list = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Sources/Application/Passwords/common-words.txt")

  private static func reason(_ text: String, _ email: String = "maria.lopez@acme.example") throws -> String? {
    let common = CommonPasswords(list: try String(contentsOf: list, encoding: .utf8))
    return common.reason(against: try Password(choosing: text), of: EmailAddress(email))
  }

  @Test(arguments: [
    "password12", "Password123", "P@ssw0rd123", "passw0rd!!", "PASSWORD2024!", "1234567890", "12345678910",
    "0987654321",
    "qwertyuiop", "qwerty12345", "1qaz2wsx3edc", "q1w2e3r4t5", "asdfghjkl1", "zxcvbnm123", "aaaaaaaaaa", "abababababab",
    "abcabcabcabc", "abcdefghij", "iloveyou123", "iloveyou!!", "monkeymonkey", "monkey12345", "letmein123",
    "welcome123!",
    "superman123", "michael1990", "qwertyqwerty", "adminadmin1", "football2023", "sunshine99", "princess12",
    "trustno1!!",
    "!!!dragon!!!", "recount2026", "recountrecount", "marialopez1", "maria.lopez", "acme-maria-1", "changeme123",
    "sommer2024!", "1q2w3e4r5t6y", "zaq12wsxcde3", "starwars77", "123qwe123qwe", "summerlove1",
  ]) func whatIsTriedFirstIsRefused(text: String) throws {
    #expect(try Self.reason(text) != nil)
  }

  @Test(arguments: [
    "correct horse staple", "tr0ub4dor&3 river", "purple-monkey-dishwasher", "Zc4!kq9#Lm2", "vier grüne elefanten",
    "5ksJw0plqT", "пароль мой длинный", "thistle-97-gravel", "maria likes 12 long walks", "今日は良い天気ですねえ本当に",
  ]) func whatNobodyWouldGuessFirstIsTaken(text: String) throws {
    #expect(try Self.reason(text) == nil)
  }

  @Test func lengthIsCountedInCharactersAndBounded() throws {
    #expect(throws: Password.Refusal.tooShort) { try Password(choosing: "übelkräft") }
    _ = try Password(choosing: "übelkräfte")
    #expect(throws: Password.Refusal.tooLong) { try Password(choosing: String(repeating: "xy", count: 513)) }
    #expect(Password(claimed: String(repeating: "x", count: 1_025)) == nil)
  }

  @Test func theSameCharactersTypedOtherwiseAreTheSamePassword() {
    #expect(Password(claimed: "ａｂｃ－é") == Password(claimed: "abc-e\u{301}"))
    #expect(Password(claimed: "Abc") != Password(claimed: "abc"))
  }
}
