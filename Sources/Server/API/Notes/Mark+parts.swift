import Application
import Domain
import Foundation

/// What is said of a mark, by its kind.
extension Mark {
  /// What a mark is of.
  enum Kind: String, Sendable, CaseIterable {
    case annotation
    case quotaCrossed = "quota_crossed"
    case tierChanged = "tier_changed"
    case voided
    case releaseSeen = "release_seen"
  }

  var kind: Kind {
    switch what {
    case .annotation: .annotation
    case .quotaCrossed: .quotaCrossed
    case .tierChanged: .tierChanged
    case .voided: .voided
    case .releaseSeen: .releaseSeen
    }
  }

  var text: String? {
    switch what {
    case .annotation(_, let text), .voided(_, _, let text): text
    case .quotaCrossed, .tierChanged, .releaseSeen: nil
    }
  }

  var id: UUID? {
    switch what {
    case .annotation(let id, _), .voided(let id, _, _): id
    case .quotaCrossed, .tierChanged, .releaseSeen: nil
    }
  }

  var events: Int? { if case .voided(_, let events, _) = what { Int(events) } else { nil } }
  var tier: Tier? { if case .tierChanged(let tier) = what { tier } else { nil } }
  var release: String? { if case .releaseSeen(let release) = what { release } else { nil } }
  var crossing: (crossing: QuotaCrossing, quota: Int64)? {
    if case .quotaCrossed(let crossing, let quota) = what { (crossing, quota) } else { nil }
  }
}
