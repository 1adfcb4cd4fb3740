package import Domain
package import Foundation
import Postgres

/// A shared link, as lists have it: never its token.
package struct ListedLink: Sendable, Equatable {
  /// By which it is revoked.
  package let id: UUID
  /// What it shows the numbers of.
  package let projectID: UUID
  /// What its members call it.
  package let name: String
  /// Which events it shows the numbers of.
  package let mode: KeyMode
  /// Under which filters.
  package let filters: LinkFilters
  /// Its token's first and last characters.
  package let hint: String
  /// Who made it; nil: nobody who is known.
  package let sharedBy: UUID?
  /// Since when it works.
  package let sharedAt: Instant
  /// When it stops working by itself; nil: never.
  package let expiresAt: Instant?
  /// When it was revoked.
  package let revokedAt: Instant?

  /// What it is at a time.
  package func status(at now: Instant) -> LinkStatus {
    LinkStatus(isRevoked: revokedAt != nil, expiresAt: expiresAt, at: now)
  }
}

extension Questions {
  /// A page of a project's shared links, the newest first, those that work no more included.
  package func links(
    of project: UUID, in account: UUID, after place: TimePlace? = nil, limit: Int
  ) async throws -> Answered<Page<ListedLink, TimePlace>> {
    let shard = self.shard(of: account)
    let question = LinksQuestion(shard: shard, project: project, place: place, rows: limit + 1)
    let listed = try await answer(question, shard: shard)
    return Answered(Page(listed.value, limit: limit) { TimePlace(time: $0.sharedAt, id: $0.id) }, listed.asOf)
  }
}

struct LinksQuestion: Question {
  let shard: Int
  let project: UUID
  let place: TimePlace?
  let rows: Int

  static let file = QueryFile("directory", "links")
  static let sample = LinksQuestion(shard: 0, project: .sample, place: nil, rows: 1)
  var parameters: [any PostgresEncodable] { [Int32(shard), project, place?.time, place?.id, Int32(rows)] }

  static func answer(_ row: AnswerRow) throws -> ListedLink {
    ListedLink(
      id: try row.value("link_id"), projectID: try row.value("project_id"), name: try row.value("name"),
      mode: try row.word("mode"), filters: try row.linkFilters(), hint: try row.value("hint"),
      sharedBy: try row.value("shared_by"), sharedAt: try row.value("shared_at"),
      expiresAt: try row.value("expires_at"), revokedAt: try row.value("revoked_at"))
  }
}

/// What the token of a shared link shows, as the directory has it.
struct PresentedLinkQuestion: Question {
  let hash: String

  struct Shown: Sendable {
    let grant: LinkGrant
    let shard: Int
    /// Whether the directory has come to all that happened to the link's project and account.
    let isCurrent: Bool
  }

  static let file = QueryFile("directory", "link_by_hash")
  static let sample = PresentedLinkQuestion(hash: "")
  var parameters: [any PostgresEncodable] { [hash] }

  static func answer(_ row: AnswerRow) throws -> Shown {
    let grant = LinkGrant(
      id: try row.value("link_id"), project: try ListedProject(row), mode: try row.word("mode"),
      filters: try row.linkFilters(), isRevoked: try row.value("revoked_at", as: Instant?.self) != nil,
      isAccountClosed: try row.value("closed_at", as: Instant?.self) != nil, expiresAt: try row.value("expires_at"))
    return Shown(
      grant: grant, shard: Int(try row.value("shard", as: Int32.self)), isCurrent: try row.value("is_current"))
  }
}

extension AnswerRow {
  /// An array of one.
  fileprivate func linkFilters() throws -> LinkFilters {
    // Never of none but in a probe: a link without filters has an object of none.
    try elements("filters", of: LinkFilters.self).first ?? LinkFilters()
  }
}
