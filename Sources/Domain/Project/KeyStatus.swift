/// What a key is at a time. The one place that works it out: what a key opens, what a list says of it, and what is refused with which
/// words all follow it.
package enum KeyStatus: Sendable, Equatable {
  /// It works, and another has not taken its place; nil: without end.
  case active(until: Instant?)
  /// Another took its place, and it works on until its grace ends.
  case rotated(until: Instant)
  /// Another took its place, and its grace has ended.
  case retired(since: Instant)
  /// It ended by itself.
  case expired(since: Instant)
  /// It was ended for good.
  case revoked

  /// Of what was recorded of a key.
  ///
  /// - Parameters:
  ///   - expiresAt: when it stops working by itself.
  ///   - retiresAt: when it stops working because another took its place.
  package init(isRevoked: Bool, expiresAt: Instant?, retiresAt: Instant?, at now: Instant) {
    if isRevoked {
      self = .revoked
    } else if let expiresAt, expiresAt <= now {
      self = .expired(since: expiresAt)
    } else if let retiresAt {
      self =
        retiresAt <= now ? .retired(since: retiresAt) : .rotated(until: min(retiresAt, expiresAt ?? .distantFuture))
    } else {
      self = .active(until: expiresAt)
    }
  }

  /// Whether it opens anything.
  package var works: Bool {
    switch self {
    case .active, .rotated: true
    case .retired, .expired, .revoked: false
    }
  }

  /// What it is called, without its time.
  package enum Word: String, Sendable, CaseIterable {
    case active, rotated, retired, expired, revoked
  }

  /// What it is called.
  package var word: Word {
    switch self {
    case .active: .active
    case .rotated: .rotated
    case .retired: .retired
    case .expired: .expired
    case .revoked: .revoked
    }
  }
}

extension Project.Key {
  /// What the key is at a time.
  package func status(at now: Instant) -> KeyStatus {
    KeyStatus(isRevoked: isRevoked, expiresAt: expiresAt, retiresAt: retiresAt, at: now)
  }
}
