package import Domain
import EventLog
package import Foundation
import Postgres

/// Somebody who may act for an account.
package struct ListedMember: Sendable, Equatable {
  /// The person.
  package let userID: UUID
  /// What they are in it.
  package let role: Account.Role
  /// Since when they are in it.
  package let addedAt: Instant
  /// Their address; nil for a person who has been erased, or whom the read model people has not come to.
  package let email: String?
  /// What they call themselves; nil where they don't say.
  package let name: String?
}

extension Questions {
  /// A page of an account's members, the longest there first.
  package func members(
    of account: UUID, after place: TimePlace? = nil, limit: Int
  ) async throws -> Answered<Page<ListedMember, TimePlace>> {
    let shard = self.shard(of: account)
    let listed = try await answer(
      MembersQuestion(shard: shard, account: account, place: place, rows: limit + 1), shard: shard)
    let page = Page(listed.value, limit: limit) { TimePlace(time: $0.addedAt, id: $0.userID) }
    return Answered(try await page.replacing { try await opened($0) }, listed.asOf)
  }

  private func opened(_ members: [MembersQuestion.Sealed]) async throws -> [ListedMember] {
    let sealed = members.map { member in
      [member.email, member.name].map { $0.map { Vault.Sealed($0, of: member.userID) } }
    }
    let opened = try await log.vault.open(sealed.flatMap { $0 })
    return members.enumerated().map { index, member in
      ListedMember(
        userID: member.userID, role: member.role, addedAt: member.addedAt, email: opened[2 * index],
        name: opened[2 * index + 1])
    }
  }
}

struct MembersQuestion: Question {
  let shard: Int
  let account: UUID
  let place: TimePlace?
  let rows: Int

  struct Sealed: Sendable {
    let userID: UUID
    let role: Account.Role
    let addedAt: Instant
    let email, name: String?
  }

  static let file = QueryFile("directory", "members")
  static let sample = MembersQuestion(shard: 0, account: .sample, place: nil, rows: 1)
  var parameters: [any PostgresEncodable] { [Int32(shard), account, place?.time, place?.id, Int32(rows)] }

  static func answer(_ row: AnswerRow) throws -> Sealed {
    Sealed(
      userID: try row.value("user_id"), role: try row.word("role"), addedAt: try row.value("added_at"),
      email: try row.value("email_sealed"), name: try row.value("name_sealed"))
  }
}
