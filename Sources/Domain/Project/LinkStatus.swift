/// What a shared link is at a time. The one place that works it out.
package enum LinkStatus: String, Sendable, CaseIterable {
  /// It shows what it was made for.
  case active
  /// It ended by itself.
  case expired
  /// It was ended for good.
  case revoked

  /// Of what was recorded of a link.
  package init(isRevoked: Bool, expiresAt: Instant?, at now: Instant) {
    if isRevoked {
      self = .revoked
    } else if let expiresAt, expiresAt <= now {
      self = .expired
    } else {
      self = .active
    }
  }
}

extension Project.Link {
  /// What the link is at a time.
  package func status(at now: Instant) -> LinkStatus {
    LinkStatus(isRevoked: isRevoked, expiresAt: expiresAt, at: now)
  }
}
