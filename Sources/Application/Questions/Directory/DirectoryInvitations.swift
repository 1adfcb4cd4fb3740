package import Domain
import EventLog
package import Foundation
import Postgres

/// An invitation that can still be accepted.
package struct ListedInvitation: Sendable, Equatable {
  /// By which it is revoked.
  package let id: UUID
  /// To whom it was sent; nil once the address has been forgotten.
  package let email: String?
  /// What they will be.
  package let role: Account.Role
  /// Who invited them.
  package let invitedBy: UUID
  /// When.
  package let invitedAt: Instant
  /// When it can't be accepted any more.
  package let expiresAt: Instant
}

extension Questions {
  /// A page of an account's invitations that can be accepted at a time, the latest first.
  package func invitations(
    of account: UUID, at now: Instant, after place: TimePlace? = nil, limit: Int
  ) async throws -> Answered<Page<ListedInvitation, TimePlace>> {
    let shard = self.shard(of: account)
    let question = InvitationsQuestion(
      shard: shard, account: account, now: now, place: place, rows: limit + 1)
    let listed = try await answer(question, shard: shard)
    let page = Page(listed.value, limit: limit) { TimePlace(time: $0.invitedAt, id: $0.id) }
    return Answered(try await page.replacing { try await opened($0) }, listed.asOf)
  }

  /// Invitations that nobody can accept any more, and whose address could still be opened; as many as asked for.
  func invitationsOver(at now: Instant, limit: Int) async throws -> [UUID] {
    try await ask(InvitationsOverQuestion(now: now, rows: limit))
  }

  /// The invitations that were ever sent to an address, by its digest, as far as the directory has come.
  func invitations(to digest: String) async throws -> [UUID] { try await ask(InvitationsToQuestion(digest: digest)) }

  private func opened(_ invitations: [InvitationsQuestion.Sealed]) async throws -> [ListedInvitation] {
    let opened = try await log.vault.open(invitations.map { Vault.Sealed($0.email, of: $0.id) })
    return zip(invitations, opened).map { sealed, email in
      ListedInvitation(
        id: sealed.id, email: email, role: sealed.role, invitedBy: sealed.invitedBy, invitedAt: sealed.invitedAt,
        expiresAt: sealed.expiresAt)
    }
  }
}

struct InvitationsQuestion: Question {
  let shard: Int
  let account: UUID
  let now: Instant
  let place: TimePlace?
  let rows: Int

  struct Sealed: Sendable {
    let id: UUID
    let email: String
    let role: Account.Role
    let invitedBy: UUID
    let invitedAt, expiresAt: Instant
  }

  static let file = QueryFile("directory", "invitations")
  static let sample = InvitationsQuestion(shard: 0, account: .sample, now: .sample, place: nil, rows: 1)
  var parameters: [any PostgresEncodable] { [Int32(shard), account, now, place?.time, place?.id, Int32(rows)] }

  static func answer(_ row: AnswerRow) throws -> Sealed {
    Sealed(
      id: try row.value("invitation_id"), email: try row.value("email_sealed"), role: try row.word("role"),
      invitedBy: try row.value("invited_by"), invitedAt: try row.value("invited_at"),
      expiresAt: try row.value("expires_at"))
  }
}

struct InvitationsOverQuestion: Question {
  let now: Instant
  let rows: Int

  static let file = QueryFile("directory", "invitations_over")
  static let sample = InvitationsOverQuestion(now: .sample, rows: 1)
  var parameters: [any PostgresEncodable] { [now, Int32(rows)] }

  static func answer(_ row: AnswerRow) throws -> UUID { try row.value("invitation_id") }
}

struct InvitationsToQuestion: Question {
  let digest: String

  static let file = QueryFile("directory", "invitations_to")
  static let sample = InvitationsToQuestion(digest: "")
  var parameters: [any PostgresEncodable] { [digest] }

  static func answer(_ row: AnswerRow) throws -> UUID { try row.value("invitation_id") }
}
