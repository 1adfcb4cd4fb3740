import Application
import Domain
import Foundation
import HTTPTypes

/// What can be asked about a project's shared links, and of them.
extension Operation {
  static let links = Operation(
    .get, "/api/v1/projects/{project_id}/links", id: "links", .links, "The shared links of a project",
    note:
      "The newest first, those that work no more included. A link's address is shown nowhere but where it was made.",
    right: .member(.readAccount), query: QueryParameters(LinkRoutes.limit, .place),
    answer: OperationAnswer(LinkRoutes.page, "A page of links."))

  static let shareLink = Operation(
    .post, "/api/v1/projects/{project_id}/links", id: "shareLink", .links, "Share a link",
    note: """
      Whoever has the link's address sees the project's figures, chart, endpoints, releases and statuses, of any period, and nothing else: no \
      consumers, no keys, no single requests. Mode and filters are those that it was made with, for good. A project has up to a hundred that work.
      """,
    right: .member(.manageLinks), isIdempotent: true,
    body: .object(
      Body(
        LinkRoutes.name, LinkRoutes.mode, LinkRoutes.expiry, LinkRoutes.filter(.endpoint),
        LinkRoutes.filter(.template), LinkRoutes.filter(.path), LinkRoutes.filter(.method), LinkRoutes.filter(.status),
        LinkRoutes.filter(.key), LinkRoutes.filter(.consumer), LinkRoutes.filter(.release),
        LinkRoutes.filter(.atLeast), LinkRoutes.filter(.atMost))),
    answer: OperationAnswer(.created, LinkRoutes.shared, "The link. This answer alone holds its address."),
    problems: [.projectArchived, .linkAlreadyShared, .limitReached, .tooManyAttempts])

  static let revokeLink = Operation(
    .delete, "/api/v1/projects/{project_id}/links/{link_id}", id: "revokeLink", .links, "Revoke a shared link",
    note: "From now on it shows nothing. Revoking it again changes nothing.", right: .member(.manageLinks),
    answer: OperationAnswer(LinkRoutes.revoked, "It is revoked."), problems: [.linkNotFound])
}

extension LinkRoutes {
  static let limit = Parameter<Int>.limit(upTo: 500)

  static let name = Member<String>.text("name", "What you call it. Whoever has the link is not told.")
  static let mode = Member<KeyMode?>.optionalWord("mode", "Live by default.")
  static let expiry = Member.optionalTime(
    "expires_at",
    "When it stops working by itself; null: never. When left out: in \(Project.defaultLinkLifetime.wholeSeconds / 86_400) days."
  )

  static func filter(_ name: TrafficFilterName) -> Member<String?> {
    .optionalText(name.rawValue, "Narrows what it shows, as the query parameter of `summary` does.")
  }

  static let shown = Shape<LinkAtTime>(
    "Link",
    [
      .id("link_id") { $0.link.id }, .id("project_id") { $0.link.projectID }, .text("name") { $0.link.name },
      .word("mode") { $0.link.mode }, .one("filters", filters) { $0.link.filters },
      .text("hint", "First and last characters of what ends its address.") { $0.link.hint },
      .word("status", "What is expired or revoked shows nothing.") { $0.link.status(at: $0.now) },
      .optionalID("shared_by", "Who made it.") { $0.link.sharedBy }, .time("shared_at") { $0.link.sharedAt },
      .optionalTime("expires_at") { $0.link.expiresAt }, .optionalTime("revoked_at") { $0.link.revokedAt },
    ])

  static let page = Shape<Answered<Page<LinkAtTime, TimePlace>>>.page("links", of: shown)

  static let shared = Shape<SharedLink>([
    .id("link_id") { $0.link.linkID }, .id("project_id") { $0.link.projectID }, .text("name") { $0.link.name },
    .word("mode") { $0.link.mode }, .one("filters", filters) { $0.link.filters },
    .text("hint", "First and last characters of what ends its address.") { $0.link.hint },
    .optionalTime("expires_at") { $0.link.expiresAt },
    .text("url", "The link itself. Shown here and never again: only its hash is stored.") { $0.url },
  ]).changed("SharedLink")

  static let revoked = Shape<RevokedLink>([
    .id("project_id") { $0.project }, .id("link_id") { $0.link },
    Field("revoked", .constant(true)) { _ in true },
  ]).changed()

  private static let filters = Shape<LinkFilters>(
    "LinkFilters", note: "As the query parameters of `summary` have them; what is not there narrows nothing.",
    TrafficFilterName.allCases.map { name in Field<LinkFilters>.optional(name.rawValue) { $0[name] } })
}

/// A link, as it is at a time.
struct LinkAtTime: Sendable {
  let link: ListedLink
  let now: Instant
}

/// A link just shared, and its address.
struct SharedLink: Sendable {
  let link: LinkShared
  let url: String
}

/// A link that shows nothing any more.
struct RevokedLink: Sendable {
  let project, link: UUID
}
