import Foundation

/// Hands mails to an SMTP server through libcurl.
///
/// Each mail has a thread and a connection of its own. libcurl blocks, so a thread it must be; and on a connection that it keeps
/// from the last mail it would, finding it dead, send once more by itself, where we could not tell whether the first was taken.
package struct SMTPTransport: MailTransport {
  private let server: SMTPServer

  /// To a server.
  package init(to server: SMTPServer) { self.server = server }

  /// Returns once the server has accepted the mail. Takes a minute at most.
  package func deliver(_ mail: Mail) async throws(MailFailure) {
    let server = server
    let result: Result<Void, MailFailure> = await withCheckedContinuation { answer in
      Thread.detachNewThread { answer.resume(returning: SMTPDelivery(of: mail, to: server).run()) }
    }
    try result.get()
  }
}
