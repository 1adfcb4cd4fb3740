import Testing

@testable import Domain

@Suite struct EmailAddressTests {
  @Test(arguments: [
    ["me@example.com", "ME@Example.COM", "  me@example.com\n", "ｍｅ@example.com", "me＠example．com", "me@EXAMPLE。com"],
    ["josé@example.com", "JOSE\u{301}@example.com", "jose\u{301}@EXAMPLE.com"],
    ["me@bücher.example", "me@BÜCHER.example", "me@xn--bcher-kva.example", "me@bu\u{308}cher.example"],
    ["ﬁ@example.com", "fi@example.com", "FI@example.com"],
  ]) func variantsAreTheSameAddress(variants: [String]) {
    let addresses = Set(variants.map { EmailAddress($0)?.normalized })
    #expect(addresses.count == 1 && !addresses.contains(nil), "\(addresses)")
  }

  @Test(arguments: [("a.b@example.com", "ab@example.com"), ("a+b@example.com", "a@example.com")])
  func anotherMailboxIsAnotherAddress(one: String, other: String) {
    #expect(EmailAddress(one) != EmailAddress(other))
    #expect(EmailAddress(one) != nil)
  }

  @Test(arguments: [
    "", "@", "me", "me@", "@example.com", "a@b@c", "me@.example.com", "me@example..com", "me@example.com.",
    ".me@example.com", "me.@example.com", "m..e@example.com", "me@exa mple.com", "m e@example.com",
    "me\r\nBcc: you@example.com", "me\u{0}@example.com", "me\u{200B}@example.com", "me@exam\u{202E}ple.com",
    "\"me\"@example.com", "me,you@example.com", "<me@example.com>", "me@[127.0.0.1]", "me@example.com:25",
    "me@example.com/x", "me@user:pass.example.com", "me@-a.example", "me@a_b.example", "me@exa%6Dple.com",
    String(repeating: "a", count: 65) + "@example.com", "me@" + String(repeating: "a", count: 64) + ".com",
    "me@" + String(repeating: "abcdefg.", count: 40) + "com",
  ]) func whatCannotBeAnAddressIsNone(text: String) {
    #expect(EmailAddress(text) == nil, "\(String(reflecting: EmailAddress(text)))")
  }
}
