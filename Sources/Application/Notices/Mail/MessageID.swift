import Crypto
import Domain
package import Foundation

/// What makes a mail the same mail however often it is sent (RFC 5322, section 3.6.4): derived from what it tells of, and to whom.
package struct MessageID: Sendable, Hashable, CustomStringConvertible {
  /// 32 hex digits.
  let local: String
  private let domain: String

  /// Of a mail of a kind about something, to one person.
  ///
  /// - Parameters:
  ///   - occasion: what it tells of, such as a shard and a position.
  ///   - sender: whose domain it is made in.
  package init(kind: String, occasion: String, recipient: UUID, sender: Mailbox) {
    let parts = [kind, occasion, recipient.text].joined(separator: "\n")
    local = Hex.text(SHA256.hash(data: Data(parts.utf8)).prefix(16))
    domain = sender.domain
  }

  /// One that was noted before. Nil when it is none of ours.
  package init?(noted text: String) {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count == 32, parts[0].allSatisfy(\.isHexDigit),
      !parts[1].isEmpty, parts[1].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ">") })
    else { return nil }
    local = String(parts[0])
    domain = String(parts[1])
  }

  /// Without the brackets.
  package var description: String { "\(local)@\(domain)" }
}
