package import Crypto
package import Domain
package import Foundation

/// What a mail holds to turn off mails like it (RFC 8058), for whoever reads it and without logging in: it says whom and what about, and nothing else
/// can be done with it. It is the same in each mail about the topic, and works for good.
package struct UnsubscribeToken: Sendable, Hashable {
  /// Who reads the mails.
  package let user: UUID
  /// What they are about.
  package let topic: NoticeTopic
  /// What the mail holds.
  package let text: String

  /// The token of a person and a topic. `key` is ``Secrets/Name/mailTokenKey``.
  package init(of user: UUID, about topic: NoticeTopic, key: SymmetricKey) {
    self.user = user
    self.topic = topic
    text = MailToken(id: user, purpose: Self.purpose(topic), owner: user, key: key).text
  }

  /// What came back, if it is one made here.
  package init?(parsing text: String, key: SymmetricKey) {
    for topic in NoticeTopic.byMail {
      guard let token = MailToken(parsing: text, purpose: Self.purpose(topic), key: key) else { continue }
      self.init(of: token.owner, about: topic, key: key)
      return
    }
    return nil
  }

  private static func purpose(_ topic: NoticeTopic) -> String { "unsubscribe_\(topic.rawValue)" }
}
