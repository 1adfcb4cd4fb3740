/// Where mails are handed over.
package protocol MailTransport: Sendable {
  /// Returns once somebody else answers for the mail: a server that accepted it, or a disk. Throws ``MailFailure``.
  func deliver(_ mail: Mail) async throws(MailFailure)
}

/// Why a mail was not accepted.
package struct MailFailure: Error, Equatable {
  /// Whether trying the same again would be of no use.
  package var isPermanent: Bool
  /// What happened, without addresses.
  package var reason: String

  /// A failure. Words that look like addresses are taken out of the reason: servers like to quote them, and it is kept.
  package init(isPermanent: Bool, reason: String) {
    self.isPermanent = isPermanent
    let words = HeaderText(reason).text.split(separator: " ").map { $0.contains("@") ? "<address>" : $0 }
    self.reason = String(words.joined(separator: " ").prefix(500))
  }
}
