import Foundation
import Testing

@testable import Application
@testable import Server

/// How a mail is written: what RFC 5322 and MIME ask for, whatever people put into it.
@Suite struct MailTests {
  private static let hostile = [
    "Hello\r\nBcc: everybody@example.com", "Hello\nX-Evil: 1\n\nbody", "\r\n\r\nbody", "a\u{2028}Bcc: x@y.z",
    "a\u{0}b\u{7}c",
    "=?UTF-8?Q?=0D=0ABcc:_x=40y.z?=", String(repeating: "long ", count: 300), String(repeating: "x", count: 3_000),
    "Zażółć gęślą jaźń 👩‍👩‍👧‍👦 " + String(repeating: "字", count: 200), "", "\u{85}Bcc: a@b.c", "e\r\u{301}Bcc: a@b.c",
  ]

  private static let names = [
    "Date", "From", "To", "Message-ID", "Subject", "MIME-Version", "Auto-Submitted", "Content-Type",
  ]

  private func head(of mail: Mail) throws -> String {
    let text = String(decoding: mail.rendered(), as: UTF8.self)
    return try #require(text.components(separatedBy: "\r\n\r\n").first)
  }

  @Test(arguments: hostile) func noSubjectCanAddAHeaderOrEndThem(subject: String) throws {
    let head = try head(of: .sample(subject: subject))
    let lines = head.components(separatedBy: "\r\n")
    #expect(lines.filter { !$0.hasPrefix(" ") }.map { $0.components(separatedBy: ":")[0] } == Self.names)
    #expect(lines.allSatisfy { $0.utf8.count <= 78 && $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
  }

  @Test(arguments: hostile) func noSenderNameCanAddAHeader(name: String) throws {
    var mail = try Mail.sample()
    mail.from = try Mailbox("recount@example.org", name: name)
    let lines = try head(of: mail).components(separatedBy: "\r\n")
    #expect(lines.filter { !$0.hasPrefix(" ") }.map { $0.components(separatedBy: ":")[0] } == Self.names)
  }

  @Test(arguments: [
    "a@b\r\nBcc: c@d", "a\r\nBcc: c@d", "a b@example.com", "a@exam ple.com", "a@b>", "a@[127.0.0.1]", "@example.com",
    "a@",
    "a", "a@-b.com", "a@b..com", "a\"b@example.com", "a@b.c\u{0}",
    String(repeating: "a", count: 65) + "@b.c",
    "a@" + String(repeating: "b", count: 64) + ".com",
  ]) func whatIsNoAddressIsRefused(text: String) {
    #expect(throws: MailboxError.self) { try Mailbox(text) }
  }

  @Test(arguments: [
    ("ada@example.com", "ada@example.com"), ("ada+log@EXAMPLE.com", "ada+log@example.com"),
    ("ada@bücher.example", "ada@xn--bcher-kva.example"), ("a..b@example.com", "\"a..b\"@example.com"),
    ("a>b,c@example.com", "\"a>b,c\"@example.com"), ("\"a,b\"@example.com", "\"a,b\"@example.com"),
    ("zażółć@example.com", "zażółć@example.com"), ("a@b@example.com", "\"a@b\"@example.com"),
  ]) func anAddressIsWrittenSoThatItMeansItself(text: String, written: String) throws {
    #expect(try Mailbox(text).address == written)
  }

  @Test func aBodyThatIsPlainStaysReadableAndOthersAreQuotedPrintable() throws {
    let link = "https://example.com/verify?token=\(String(repeating: "a-_9", count: 20))"
    let plain = String(decoding: try Mail.sample(text: link + "\n").rendered(), as: UTF8.self)
    #expect(plain.contains("7bit\r\n\r\n\(link)\r\n"))
    let text =
      "Grüße =\u{20}\n.\n" + String(repeating: "ü", count: 200) + "\r\nend \n" + String(repeating: "y", count: 76)
    let quoted = String(decoding: try Mail.sample(text: text).rendered(), as: UTF8.self)
    #expect(quoted.contains("Gr=C3=BC=C3=9Fe =3D=20\r\n.\r\n"))
    #expect(quoted.components(separatedBy: "\r\n").allSatisfy { $0.utf8.count <= 78 })
    #expect(!quoted.replacing("\r\n", with: "").contains { $0 == "\r" || $0 == "\n" })
  }

  @Test func theSameEventMakesTheSameBytes() throws {
    let (sender, person) = (try Mailbox("a@example.com"), UUID())
    let ids = (0..<2).map { _ in MessageID(kind: "invitation", occasion: "1/2", recipient: person, sender: sender) }
    #expect(ids[0] == ids[1])
    #expect(ids[0] != MessageID(kind: "invitation", occasion: "1/3", recipient: person, sender: sender))
    #expect(MessageID(noted: ids[0].description) == ids[0])
    var mail = try Mail.sample()
    mail.id = ids[0]
    #expect(mail.rendered() == mail.rendered())
    #expect(String(decoding: mail.rendered(), as: UTF8.self).contains("Date: Tue, 24 Nov 2026 10:30:00 +0000\r\n"))
  }
}
