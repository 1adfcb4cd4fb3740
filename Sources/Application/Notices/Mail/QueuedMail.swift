import Domain
import Foundation
import Postgres

/// A mail that is to be written and sent: what `operations.mails` knows of it.
package struct QueuedMail: Sendable {
  let id: MessageID
  let notice: Notice
  let shard: Int
  /// Of the event that it tells of.
  let position: Int64
  /// The vault's subject that the address is sealed for.
  let recipient: UUID
  /// Which attempt this is, from 1.
  let attempt: Int
  let queuedAt: Instant
  /// When what it carries stops working.
  let expiresAt: Instant?
  /// The account that it tells of, if it is held to so many an hour, and the hour.
  let accountID: UUID?
  let hour: Instant?
}

extension QueuedMail {
  init(row: Row) throws {
    let text: String = try row.decode("message_id")
    let name: String = try row.decode("kind")
    guard let id = MessageID(noted: text), let notice = Notice.named(name) else {
      throw UnknownMail(id: text, kind: name)
    }
    self.id = id
    self.notice = notice
    shard = try row.decode("shard")
    position = try row.decode("position")
    recipient = try row.decode("recipient")
    attempt = try row.decode("attempts")
    queuedAt = try row.decode("queued_at")
    expiresAt = try row.decode("expires_at")
    accountID = try row.decode("account_id")
    hour = try row.decode("hour")
  }
}

/// A row that another version of this program has left.
struct UnknownMail: Error, CustomStringConvertible {
  let id: String
  let kind: String
  var description: String {
    "mail \(id) is of kind \(kind), which is not known here; a newer program may have queued it"
  }
}
