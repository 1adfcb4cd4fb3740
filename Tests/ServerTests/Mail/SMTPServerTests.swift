import Application
import Server
import Testing

/// What an operator can write into SMTP_URL.
@Suite struct SMTPServerTests {
  @Test(arguments: [
    ("smtp://mail.example.com", 587, SMTPServer.Security.startTLS),
    ("smtp://mail.example.com:2525?tls=none", 2525, .none), ("smtps://mail.example.com", 465, .implicit),
    ("smtp://localhost:25", 25, .none), ("smtp://127.0.0.1:25?tls=required", 25, .startTLS),
    ("smtp://[::1]:25", 25, .none), ("smtp://127.0.0.1.example.com", 587, .startTLS),
  ]) func theURLSaysHowTheConnectionIsProtected(url: String, port: Int, security: SMTPServer.Security) throws {
    let server = try SMTPServer(url: url)
    #expect(server.port == port)
    #expect(server.security == security)
  }

  @Test func aLoginIsPercentDecoded() throws {
    let server = try SMTPServer(url: "smtp://me%40example.com:p%2F%40ss@mail.example.com")
    #expect(server.user == "me@example.com")
    #expect(server.password == "p/@ss")
  }

  @Test(arguments: [
    "", "mail.example.com", "http://mail.example.com", "smtp://", "smtp://mail/path", "smtp://mail:0",
    "smtp://mail:70000",
    "smtp://secret@mail", "smtp://mail?tls=maybe", "smtp://mail?secret=1", "smtps://mail?tls=none",
    "smtp://a:sec/ret@mail",
  ]) func aURLThatWillNotDoIsRefusedWithoutTellingAPassword(url: String) {
    #expect {
      try SMTPServer(url: url)
    } throws: { error in
      error is SMTPServerError && !"\(error)".contains("sec/ret") && !"\(error)".contains("secret@")
    }
  }
}
