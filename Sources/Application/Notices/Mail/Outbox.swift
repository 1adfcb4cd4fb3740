package import Foundation
package import Logging

/// A folder that mails are written to where no SMTP server is set, so that a first run works offline: one .eml file each, which any
/// mail program opens. Their links, which are as good as passwords, stand there alone, unless the operator wants them in the log, which
/// more people may read and programs collect.
package struct Outbox: MailTransport {
  private let folder: URL
  private let logsLinks: Bool
  private let logger: Logger

  /// Over a folder, which is made when the first mail comes.
  package init(folder: URL, logsLinks: Bool = false, logger: Logger) {
    self.folder = folder
    self.logsLinks = logsLinks
    self.logger = logger
  }

  /// Writes the file under the mail's id: the same mail again replaces itself. Nobody ever sees half a file.
  package func deliver(_ mail: Mail) async throws(MailFailure) {
    let file = folder.appending(path: "\(mail.id.local).eml")
    let draft = folder.appending(path: ".\(mail.id.local).\(UUID().uuidString).tmp")
    do {
      // Tokens are as good as passwords: for the owner's eyes alone.
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      guard
        FileManager.default.createFile(
          atPath: draft.path, contents: Data(mail.rendered()), attributes: [.posixPermissions: 0o600])
      else { throw CocoaError(.fileWriteUnknown) }
      guard rename(draft.path, file.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    } catch {
      try? FileManager.default.removeItem(at: draft)
      throw MailFailure(isPermanent: false, reason: "could not write \(file.path): \(error)")
    }
    var metadata: Logger.Metadata = ["file": "\(file.path)", "subject": "\(mail.subject.text)"]
    if logsLinks { metadata["link"] = "\(mail.link ?? "none")" }
    logger.notice("a mail was written to a file, since SMTP_URL is not set", metadata: metadata)
  }
}
