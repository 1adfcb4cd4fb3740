import Foundation
import MailServer
import TestDatabase
import Testing

@testable import Application
@testable import Server

/// Against a real SMTP server, in a process of its own.
@Suite(.timeLimit(.whatHangs)) struct SMTPTests {
  private func transport(
    _ server: MailServer, _ form: String = "smtp://HOST", certificates: URL? = nil
  ) throws -> SMTPTransport {
    let url = form.replacing("HOST", with: "127.0.0.1:\(server.port)")
    return SMTPTransport(to: try SMTPServer(url: url, certificates: certificates))
  }

  private func failure(_ deliver: () async throws -> Void) async throws -> MailFailure {
    do { try await deliver() } catch let failure as MailFailure { return failure }
    Issue.record("it was accepted")
    return MailFailure(isPermanent: false, reason: "")
  }

  @Test func aMailArrivesAsItWasWritten() async throws {
    try await MailServer.with { server in
      let mail = try Mail.sample(
        subject: "Zażółć " + String(repeating: "字", count: 100), text: "Grüße\n.\n..two\nFrom here\n\nend",
        html: "<p>Grüße</p>\n")
      try await transport(server).deliver(mail)
      let received = try #require(try server.received().first)
      #expect(received.from == "recount@example.org" && received.to == ["ada@example.com"])
      #expect(received.header("Subject") == mail.subject.text)
      #expect(received.header("Message-ID") == "<\(mail.id)>")
      #expect(received.header("From") == "Recount <recount@example.org>")
      #expect(received.text.replacing("\r\n", with: "\n").trimmingCharacters(in: .newlines) == mail.text)
      #expect(received.html.contains("Grüße"))
      #expect(received.defects.isEmpty)
    }
  }

  @Test func hostileHeadersReachAnotherParserAsTheTextTheyAre() async throws {
    try await MailServer.with { server in
      let subjects = ["Hi\r\nBcc: x@y.z", "=?UTF-8?Q?=0D=0ABcc:_x=40y.z?=", String(repeating: "long ", count: 100)]
      for subject in subjects { try await transport(server).deliver(.sample(subject: subject)) }
      for (received, subject) in zip(try server.received(), subjects) {
        #expect(received.headers.count == 8 && received.header("Bcc") == nil && received.defects.isEmpty)
        #expect(received.header("Subject") == HeaderText(subject).text)
      }
    }
  }

  @Test(arguments: [("starttls", "smtp://HOST?tls=required"), ("implicit", "smtps://HOST")])
  func tlsIsUsedWithACertificateThatIsTrustedAndNothingIsSentWithout(tls: String, url: String) async throws {
    try await MailServer.with(tls: try #require(MailServer.TLS(rawValue: tls))) { server in
      try await transport(server, url, certificates: server.authority).deliver(.sample())
      #expect(try server.received().map(\.isTls) == [true])

      let refused = try await failure { try await transport(server, url).deliver(.sample()) }
      #expect(!refused.isPermanent && refused.reason.lowercased().contains("certificate"), "\(refused)")
      #expect(try server.received().count == 1)
    }
  }

  @Test func aCertificateOfAnotherHostIsRefused() async throws {
    try await MailServer.with(tls: .implicit, certified: "mail.example.com") { server in
      let refused = try await failure {
        try await transport(server, "smtps://HOST", certificates: server.authority).deliver(.sample())
      }
      #expect(!refused.isPermanent)
      #expect(try server.received().isEmpty)
    }
  }

  @Test func aServerThatDoesNotOfferTheTLSThatIsRequiredGetsNothing() async throws {
    try await MailServer.with { server in
      let refused = try await failure { try await transport(server, "smtp://HOST?tls=required").deliver(.sample()) }
      #expect(!refused.isPermanent && refused.reason.contains("STARTTLS"), "\(refused)")
      #expect(try server.received().isEmpty)
    }
  }

  @Test(arguments: [("starttls", "smtp"), ("implicit", "smtps"), ("none", "smtp")])
  func aLoginIsMadeAndAWrongOneIsTriedAgainSincePeopleMendIt(tls: String, scheme: String) async throws {
    let mode = try #require(MailServer.TLS(rawValue: tls))
    let query = tls == "starttls" ? "?tls=required" : ""
    try await MailServer.with(tls: mode, login: ("me@example.com", "p/@ss:wörd")) { server in
      let certificates = tls == "none" ? nil : server.authority
      try await transport(
        server, "\(scheme)://me%40example.com:p%2F%40ss%3Aw%C3%B6rd@HOST\(query)", certificates: certificates
      ).deliver(.sample())
      #expect(try server.received().map(\.user) == ["me@example.com"])

      let wrong = "\(scheme)://me%40example.com:not-it-at-all@HOST\(query)"
      let refused = try await failure {
        try await transport(server, wrong, certificates: certificates).deliver(.sample())
      }
      #expect(!refused.isPermanent && !refused.reason.contains("not-it-at-all"), "\(refused)")

      let without = try await failure {
        try await transport(server, "\(scheme)://HOST\(query)", certificates: certificates).deliver(.sample())
      }
      #expect(!without.isPermanent && without.reason.contains("530"), "\(without)")
      #expect(try server.received().count == 1)
    }
  }

  @Test func fourMeansLaterAndFiveMeansNeverAndNoReasonQuotesAnAddress() async throws {
    try await MailServer.with { server in
      let transport = try transport(server)
      let busy = try Mail.sample(to: "busy1@example.com")
      let later = try await failure { try await transport.deliver(busy) }
      #expect(!later.isPermanent && later.reason.contains("451 4.3.2") && !later.reason.contains("busy1@"))
      try await transport.deliver(busy)
      #expect(try server.received().map { $0.header("Message-ID") } == ["<\(busy.id)>"])

      for address in ["nobody@example.com", "spam@example.com"] {
        let never = try await failure { try await transport.deliver(.sample(to: address)) }
        #expect(never.isPermanent && never.reason.contains("55") && !never.reason.contains(address), "\(never)")
      }
    }
  }

  @Test func aServerThatDiesInTheMiddleIsTriedAgain() async throws {
    try await MailServer.with { server in
      let mail = try Mail.sample(to: "cut@example.com")
      #expect(try await failure { try await transport(server).deliver(mail) }.isPermanent == false)
      #expect(try server.received().isEmpty)
      try await transport(server).deliver(mail)
      #expect(try server.received().count == 1)
    }
    let nobody = SMTPTransport(to: try SMTPServer(url: "smtp://127.0.0.1:1"))
    #expect(try await failure { try await nobody.deliver(.sample()) }.isPermanent == false)
  }

  @Test func anAddressThatIsNotASCIIGoesToServersThatTakeSuchAlone() async throws {
    try await MailServer.with(takesUTF8: true) { server in
      try await transport(server).deliver(.sample(to: "zażółć@bücher.example"))
      let received = try #require(try server.received().first)
      #expect(received.isUtf8 && received.to == ["zażółć@xn--bcher-kva.example"])
    }
    try await MailServer.with { server in
      let refused = try await failure { try await transport(server).deliver(.sample(to: "zażółć@example.com")) }
      #expect(refused.isPermanent && refused.reason.contains("SMTPUTF8"), "\(refused)")
      #expect(try server.received().isEmpty)
    }
  }
}
