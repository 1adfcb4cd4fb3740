import Domain
import Foundation
import Testing

@testable import Application
@testable import Server

extension Mail {
  /// A mail, to whom and about what the test says.
  static func sample(
    to address: String = "ada@example.com", subject: String = "Hello", text: String = "Good day.\n",
    html: String = "<p>Good day.</p>\n", from: String = "Recount <recount@example.org>", about occasion: String = "1/1",
    link: String? = nil
  ) throws -> Mail {
    let sender = try Mailbox(setting: from)
    return Mail(
      id: MessageID(kind: "sample", occasion: occasion, recipient: UUID(), sender: sender),
      date: Instant(milliseconds: 1_795_516_200_000), from: sender, to: try Mailbox(address),
      subject: HeaderText(subject), text: text, html: html, link: link)
  }
}

/// Waits for something that another task brings about: looks often, gives up after half a minute.
func soon(_ what: String, _ condition: () async throws -> Bool) async throws {
  let end = ContinuousClock.now + .seconds(120)
  while ContinuousClock.now < end {
    if try await condition() { return }
    try await Task.sleep(for: .milliseconds(10))
  }
  Issue.record("did not come true within half a minute: \(what)")
}
