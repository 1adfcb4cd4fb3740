package import struct Foundation.UUID

/// The life of a shared link: made, revoked. What it shows is fixed when it is made.
extension Project {
  /// What the project knows of one of its links.
  package struct Link: Sendable, Equatable {
    /// What its members call it.
    package var name: String
    /// Which events it shows the numbers of.
    package var mode: KeyMode
    /// Under which filters.
    package var filters: LinkFilters
    /// When it stops working by itself; nil: never.
    package var expiresAt: Instant?
    /// Whether it has been revoked.
    package var isRevoked = false

    init(_ shared: LinkShared) {
      (name, mode, filters, expiresAt) = (shared.name, shared.mode, shared.filters, shared.expiresAt)
    }
  }

  /// A link to be shared, its token already drawn and hashed.
  package struct LinkRequest: Sendable {
    /// The new link's id.
    package var id: UUID
    /// What it is called, for those who see to it.
    package var name: String
    /// Which events it shows the numbers of.
    package var mode: KeyMode
    /// Under which filters.
    package var filters: LinkFilters
    /// First and last characters of its token.
    package var hint: String
    /// Hex SHA-256 of the whole token.
    package var hash: String
    /// When it stops working by itself; nil: never.
    package var expiresAt: Instant?

    /// A link to be shared.
    package init(
      id: UUID, name: String, mode: KeyMode, filters: LinkFilters, hint: String, hash: String, expiresAt: Instant?
    ) {
      (self.id, self.name, self.mode, self.filters) = (id, name, mode, filters)
      (self.hint, self.hash, self.expiresAt) = (hint, hash, expiresAt)
    }
  }

  /// One for everybody who is shown a project, few enough to be looked through.
  package static let maximumWorkingLinks = 100
  /// What is handed on is forgotten sooner than a key: a link that nobody gives an end has one.
  package static let defaultLinkLifetime = Duration.days(30)

  func share(_ request: LinkRequest, at now: Instant) throws(Failure) -> LinkShared {
    let (id, accountID) = try active()
    guard links[request.id] == nil else { throw .linkAlreadyShared(request.id) }
    try Self.check(name: request.name)
    try Self.check(expiry: request.expiresAt, at: now)
    guard request.filters.longest <= LinkFilters.maximumBytes else {
      throw .linkFilterTooLong(maximumBytes: LinkFilters.maximumBytes)
    }
    guard links.values.count(where: { $0.status(at: now) == .active }) < Self.maximumWorkingLinks else {
      throw .tooManyLinks(maximum: Self.maximumWorkingLinks)
    }
    return LinkShared(
      linkID: request.id, projectID: id, accountID: accountID, name: request.name, mode: request.mode,
      filters: request.filters, hint: request.hint, hash: request.hash, expiresAt: request.expiresAt)
  }

  /// Nothing follows when it is revoked already: revoking twice is not an error. An archived project's links can be revoked, too.
  func revoke(link: UUID) throws(Failure) -> [Event] {
    guard let id, let accountID else { throw .notCreated }
    guard let known = links[link] else { throw .noSuchLink(link) }
    return known.isRevoked ? [] : [.linkRevoked(LinkRevoked(linkID: link, projectID: id, accountID: accountID))]
  }
}

/// A link was shown once to whoever made it, that shows a project's numbers to anybody who has it, and nothing else.
package struct LinkShared: EventData {
  package static let kind = EventKind("link_shared", isSecurityRelevant: true)
  /// The new link.
  package var linkID: UUID
  /// What it shows the numbers of.
  package var projectID: UUID
  /// The project's account.
  package var accountID: UUID
  /// What its members call it, 1 to 100 characters; whoever has the link is not told.
  package var name: String
  /// Which events it shows the numbers of.
  package var mode: KeyMode
  /// Under which filters, for good.
  package var filters: LinkFilters
  /// Its token's first and last characters, to recognise it by.
  package var hint: String
  /// Hex SHA-256 of the whole token: 190 bits of randomness need no slow hash.
  package var hash: String
  /// When it stops working by itself; null: never.
  @Nullable package var expiresAt: Instant?
}

/// A link stopped working, at once and for good.
package struct LinkRevoked: EventData {
  package static let kind = EventKind("link_revoked", isSecurityRelevant: true)
  /// The link that shows nothing any more.
  package var linkID: UUID
  /// What it showed the numbers of.
  package var projectID: UUID
  /// The project's account.
  package var accountID: UUID
}
