/// The address of an incoming webhook: what posts into one channel. As good as a password.
///
/// It is held against what may be, not against what may not: who enters one makes this server send to it, which stands inside the operator's
/// network. So nothing is parsed that another parser could read otherwise: a text of few characters that begins with one of a few
/// hosts, spelt exactly so.
package struct SlackURL: Sendable, Equatable {
  /// All of it.
  package let text: String
  /// The host whose addresses are to be looked up and checked; nil: the operator trusts the origin as it is written.
  let checkedHost: String?

  /// To recognise it by.
  package var hint: String { String(text.suffix(4)) }

  private static let hosts = ["hooks.slack.com", "hooks.slack-gov.com"]
  private static let maximumLength = 500

  /// From what somebody entered. Throws ``SlackURLRefused``.
  package init(_ text: String, trusting origins: SlackOrigins) throws(SlackURLRefused) {
    guard text.utf8.count <= Self.maximumLength, text.utf8.allSatisfy(Self.isPlain) else { throw SlackURLRefused() }
    let ours: [Start] = Self.hosts.flatMap { host in
      ["https://\(host)/", "https://\(host):443/"].map { Start(text: $0, checkedHost: host) }
    }
    let trusted = origins.all.map { Start(text: "\($0)/", checkedHost: nil) }
    guard let start = (ours + trusted).first(where: { text.hasPrefix($0.text) }) else { throw SlackURLRefused() }
    let segments = text.dropFirst(start.text.count).split(separator: "/", omittingEmptySubsequences: false)
    let areNames = segments.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.contains(":") }
    guard areNames, (segments.last?.count ?? 0) >= 4 else { throw SlackURLRefused() }
    self.text = text
    checkedHost = start.checkedHost
  }

  /// How one may begin.
  private struct Start {
    let text: String
    let checkedHost: String?
  }

  /// What stands for itself in a URL (RFC 3986, unreserved), and what is between: no @, no %, no backslash, no query.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~:/".utf8.contains(byte)
    }
  }
}

/// An address that notices are not sent to. Never quotes it.
package struct SlackURLRefused: Error, Equatable, CustomStringConvertible {
  /// What is allowed.
  package var description: String {
    "this is no address of an incoming webhook of Slack: copy it whole, https://hooks.slack.com/services/ and what follows"
  }
}
