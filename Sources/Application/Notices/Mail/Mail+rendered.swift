import Foundation

extension Mail {
  /// The mail as it travels (RFC 5322 and 2045 to 2047): CRLF, no line longer than allowed. The same mail gives the same bytes.
  package func rendered() -> [UInt8] {
    // Can't occur in a body: quoted-printable has no "=_", and no template begins a line with it.
    let boundary = "=_recount_\(id.local)"
    var headers = [
      "Date: \(MailDate(date))",
      "From: \(from.rendered(after: "From: ".utf8.count))",
      "To: \(to.rendered(after: "To: ".utf8.count))",
      "Message-ID: <\(id)>",
      "Subject: \(subject.rendered(after: "Subject: ".utf8.count))",
      "MIME-Version: 1.0",
      // RFC 3834: keeps holiday notices and the like from answering.
      "Auto-Submitted: auto-generated",
      "Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"",
    ]
    if let unsubscribe {
      headers += ["List-Unsubscribe:\r\n <\(unsubscribe)>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
    }
    var bytes = Array((headers.joined(separator: "\r\n") + "\r\n").utf8)
    for (type, body) in [("plain", text), ("html", html)] {
      bytes += Array("\r\n--\(boundary)\r\nContent-Type: text/\(type); charset=utf-8\r\n".utf8)
      bytes += BodyEncoding.encode(body)
    }
    return bytes + Array("\r\n--\(boundary)--\r\n".utf8)
  }
}
