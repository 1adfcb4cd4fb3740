package import Domain

/// One mail to one person.
///
/// The way of a mail:
/// 1. ``MailReactor`` follows the log and notes in `operations.mails` what somebody is to be told of (``Notice``);
/// 2. ``MailSender`` takes what is due, has it written (``MailComposer``) and hands it over (``SMTPTransport``, ``Outbox``);
/// 3. what became of it is noted under its Message-ID: sent, put off with back-off, failed for good, or dropped.
///
/// Everything in it that other people chose is of a type that can't break out of its place: ``HeaderText``, ``Mailbox``,
/// ``MessageID`` (RFC 5322), and bodies that are encoded as a whole.
package struct Mail: Sendable {
  /// Stable: the same event makes the same id, however often it is sent.
  package var id: MessageID
  /// When what it tells of happened.
  package var date: Instant
  /// Who sends it.
  package var from: Mailbox
  /// Who gets it.
  package var to: Mailbox
  /// What it is about.
  package var subject: HeaderText
  /// For readers of plain text, lines separated by line feeds.
  package var text: String
  /// The same in HTML.
  package var html: String
  /// What it asks the reader to open, if anything. Holds a secret of theirs.
  package var link: String?
  /// Where one POST turns off mails like it (RFC 8058); nil for what nobody can turn off.
  package var unsubscribe: String?

  /// A mail.
  package init(
    id: MessageID, date: Instant, from: Mailbox, to: Mailbox, subject: HeaderText, text: String, html: String,
    link: String? = nil, unsubscribe: String? = nil
  ) {
    self.id = id
    self.date = date
    self.from = from
    self.to = to
    self.subject = subject
    self.text = text
    self.html = html
    self.link = link
    self.unsubscribe = unsubscribe
  }
}
