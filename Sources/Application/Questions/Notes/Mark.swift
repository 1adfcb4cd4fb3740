package import Domain
package import Foundation

/// What happened to a project at a moment, or over a span, as a chart of its numbers marks it.
package struct Mark: Sendable, Equatable {
  /// When it happened, or began.
  package let at: Instant
  /// When it was over; nil: it was a moment.
  package let until: Instant?
  /// What happened.
  package let what: What

  /// What can be marked.
  package enum What: Sendable, Equatable {
    /// Somebody noted it.
    case annotation(id: UUID, text: String)
    /// The account's live calls of a month came to a share of their quota.
    case quotaCrossed(QuotaCrossing, quota: Int64)
    /// The account pays for another tier from then on.
    case tierChanged(Tier)
    /// So many requests of the span count no more.
    case voided(id: UUID, events: Int64, reason: String)
    /// A release was seen first, of what is kept: to the quarter of an hour.
    case releaseSeen(String)
  }

  /// What it takes to see it.
  package var action: Action {
    switch what {
    case .annotation, .quotaCrossed, .voided, .releaseSeen: .readNumbers
    case .tierChanged: .readAccount
    }
  }
}

/// What happened in a span, in the order of time.
package struct Marks: Sendable, Equatable {
  /// The latest of each kind.
  package let marks: [Mark]
  /// Whether that is all: not where there were more of a kind than are told.
  package let isWhole: Bool

  /// Of each kind, more than a chart can be marked with.
  static let most = 100

  /// Those that somebody may see who may do these.
  package func seen(by allows: (Action) -> Bool) -> Marks {
    Marks(marks: marks.filter { allows($0.action) }, isWhole: isWhole)
  }
}
