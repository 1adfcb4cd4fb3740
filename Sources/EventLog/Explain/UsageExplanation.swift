import Domain
package import Foundation

/// What makes up an account's usage of a month, position by position.
package struct UsageExplanation: Sendable, Equatable {
  /// What was tracked, by day of recording, project and key, in order of position.
  package var tracked: [Piece] = []
  /// What was taken out, void by void and key by key, in order of position; its events are negative.
  package var voided: [Piece] = []
  /// Events of the log that were looked at.
  package var walked: Int64 = 0

  /// Some events that count, or count no more.
  package struct Piece: Sendable, Equatable {
    /// The day they were recorded (UTC), such as 2026-11-24.
    package var day: String
    /// Whether they were recorded after the moment asked about; nil when none was.
    package var isLate: Bool?
    /// The project.
    package var projectID: UUID
    /// The key that sent them.
    package var keyID: UUID
    /// The void, where this is one.
    package var voidID: UUID?
    /// Why, where this is a void.
    package var reason: String?
    /// Whether the quota got back what this void took, where this is one.
    package var givesBackQuota: Bool?
    /// How many; negative for a void.
    package var events: Int64
    /// Where the first of them stands, or the void.
    package var firstPosition: Int64
    /// Where the last of them stands. Others may stand between.
    package var lastPosition: Int64

    /// Whether it moves what the quota has used.
    var isOfQuota: Bool { givesBackQuota ?? true }
  }

  /// What the quota has used: voided requests stay part of it unless they were given back.
  package var used: Int64 { sum { $0.isOfQuota } }
  /// What counts in the numbers: requests that nobody voided.
  package var calls: Int64 { sum { _ in true } }
  /// What of `used` was voided, and so is no part of `calls`.
  package var voidedAndUsed: Int64 { used.subtractingSaturating(calls) }
  /// What the quota had used at the moment asked about.
  package var shown: Int64 { sum { $0.isOfQuota && $0.isLate == false } }
  /// Requests recorded after the moment asked about.
  package var late: Int64 { Self.sum(tracked) { $0.isLate == true } }
  /// Requests voided after the moment asked about.
  package var voidedSince: Int64 { Int64(0).subtractingSaturating(Self.sum(voided) { $0.isLate == true }) }
  /// Requests voided and given back to the quota after the moment asked about.
  package var givenBackSince: Int64 {
    Int64(0).subtractingSaturating(Self.sum(voided) { $0.isOfQuota && $0.isLate == true })
  }

  /// The same of one project.
  package func of(project: UUID) -> UsageExplanation {
    var part = self
    part.tracked = tracked.filter { $0.projectID == project }
    part.voided = voided.filter { $0.projectID == project }
    return part
  }

  private func sum(_ isCounted: (Piece) -> Bool) -> Int64 { Self.sum(tracked + voided, isCounted) }

  /// Saturating: the log holds what anybody with rights on the database wrote, and a report must come out of it.
  private static func sum(_ pieces: [Piece], _ isCounted: (Piece) -> Bool) -> Int64 {
    pieces.filter(isCounted).reduce(0) { $0.addingSaturating($1.events) }
  }

  /// Takes in what a stretch of the log adds.
  mutating func add(_ piece: Piece) {
    guard piece.voidID == nil else {
      voided.append(piece)
      return
    }
    let same = tracked.firstIndex {
      $0.day == piece.day && $0.isLate == piece.isLate && $0.projectID == piece.projectID && $0.keyID == piece.keyID
    }
    guard let same else {
      tracked.append(piece)
      return
    }
    tracked[same].events = tracked[same].events.addingSaturating(piece.events)
    tracked[same].firstPosition = min(tracked[same].firstPosition, piece.firstPosition)
    tracked[same].lastPosition = max(tracked[same].lastPosition, piece.lastPosition)
  }
}
