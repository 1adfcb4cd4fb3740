import Domain

/// Why events were refused.
package enum RefusalReason: String, Sendable, CaseIterable {
  /// The month's quota left no room. There is no other: a call whose key does not work is turned away before its events are read.
  case quota
}

/// Why events were invalid.
package enum InvalidReason: String, Sendable, CaseIterable {
  /// Something was missing, or not what it must be.
  case malformed
  /// The timestamp lay outside the acceptance window.
  case outsideWindow = "outside_window"
  /// They brought a known id with another body.
  case idConflict = "id_conflict"
  /// Counted by an older release, which did not say.
  case unknown
}

/// How many events had a reason.
package struct ReasonCount<Reason: Sendable & Equatable>: Sendable, Equatable {
  /// Why.
  package let reason: Reason
  /// How many.
  package let events: Int64
}

extension IntakeCounts {
  /// Those that there are; they add up to ``refused``.
  package var refusedReasons: [ReasonCount<RefusalReason>] {
    refused > 0 ? [ReasonCount(reason: .quota, events: refused)] : []
  }

  /// Those that there are; they add up to ``invalid``.
  package var invalidReasons: [ReasonCount<InvalidReason>] {
    InvalidReason.allCases.map { ReasonCount(reason: $0, events: events(of: $0)) }.filter { $0.events > 0 }
  }

  private func events(of reason: InvalidReason) -> Int64 {
    switch reason {
    case .malformed: malformed
    case .outsideWindow: outsideWindow
    case .idConflict: idConflicts
    case .unknown:
      invalid.subtractingSaturating(malformed).subtractingSaturating(outsideWindow).subtractingSaturating(idConflicts)
    }
  }
}
