package import Domain
package import Foundation

/// What an account's month, or a project's part of it, is made of, position by position.
package struct ExplainedUsage: Sendable {
  /// The chain in which positions count.
  package let shard: Int
  /// What `usage` shows as of the same position.
  package let used: Int64
  /// What `usage` shows as of the same position.
  package let calls: Int64
  /// What the pieces come to.
  package let totals: UsageTotals
  /// Some of the pieces: those of this page.
  package let pieces: [ExplainedPiece]
  /// What was taken out: that of this page.
  package let voids: [ExplainedVoid]
  /// What was shown at the moment asked about; nil where none was, or where not all has been told apart yet.
  package let comparison: UsageComparison?
  /// After which the next page begins; nil where nothing is left.
  package let next: UsagePlace?
  /// Why the page ended before it was full, or all was told; nil where it did not.
  package let stop: RequestPage.Stop?

  /// Whether the log makes up what is shown.
  package var addsUp: Bool { totals.used == used && totals.calls == calls }
}

/// Requests of a month, and what became of them. used = tracked - givenBack, calls = tracked - voided.
package struct UsageTotals: Sendable, Equatable {
  /// Recorded.
  package var tracked: Int64
  /// Taken out of the numbers.
  package var voided: Int64
  /// Of the voided, those that the quota got back.
  package var givenBack: Int64

  /// Of the quota.
  package var used: Int64 { tracked.subtractingSaturating(givenBack) }
  /// Shown in numbers.
  package var calls: Int64 { tracked.subtractingSaturating(voided) }
}

/// What was shown at a moment, and what came since.
package struct UsageComparison: Sendable, Equatable {
  /// The moment.
  package let moment: Instant
  /// Where the log stood then.
  package let position: Int64
  /// What had been recorded and voided by then.
  package let then: UsageTotals
  /// What has been since.
  package let now: UsageTotals

  /// Requests recorded after it.
  package var late: Int64 { now.tracked.subtractingSaturating(then.tracked) }
  /// Requests voided after it.
  package var voidedSince: Int64 { now.voided.subtractingSaturating(then.voided) }
  /// Requests given back after it.
  package var givenBackSince: Int64 { now.givenBack.subtractingSaturating(then.givenBack) }
}

/// Requests that a key sent and that were recorded on a day.
package struct ExplainedPiece: Sendable, Equatable {
  /// The day (UTC), such as 2026-11-24.
  package let day: String
  /// Whether they were recorded after the moment asked about; nil when none was.
  package let isLate: Bool?
  /// The project.
  package let projectID: UUID
  /// The key.
  package let keyID: UUID
  /// How many, voided or not.
  package let events: Int64
  /// Where the first of them stands.
  package let firstPosition: Int64
  /// Where the last of them stands. Others' may stand between.
  package let lastPosition: Int64
}

/// A void, as far as it took requests of a month and a key.
package struct ExplainedVoid: Sendable, Equatable {
  /// The void's own id.
  package let id: UUID
  /// The project.
  package let projectID: UUID
  /// The key that had sent them.
  package let keyID: UUID
  /// How many it took.
  package let events: Int64
  /// Why.
  package let reason: String
  /// Whether the quota got them back.
  package let givesBackQuota: Bool
  /// Where it stands in the log.
  package let position: Int64
  /// When it was recorded.
  package let recordedAt: Instant
  /// Whether that was after the moment asked about; nil when none was.
  package let isLate: Bool?
}

/// A place among what a month is made of: rows in their order, and then those that a moment splits in two, as far as they have been walked.
package struct UsagePlace: Sendable, Equatable {
  /// Of the last row.
  package let day: Instant
  /// Of the last row.
  package let project: UUID
  /// Of the last row.
  package let key: UUID
  /// Of the last row, where it is a void; 0 for requests.
  package let void: Int64
  /// The position come to in what is split; 0 before all of it.
  package let walked: Int64
  /// How many of what was walked had been recorded by the moment.
  package let then: Int64

  /// A place.
  package init(day: Instant, project: UUID, key: UUID, void: Int64, walked: Int64, then: Int64) {
    self.day = day
    self.project = project
    self.key = key
    self.void = void
    self.walked = walked
    self.then = then
  }

  /// Before all.
  static let start = UsagePlace(
    day: .distantPast, project: UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
    key: UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)), void: 0, walked: 0, then: 0)
}

/// How much of the log a call may walk to tell apart what a moment splits in two.
package struct UsageBudget: Sendable {
  /// Events of the shard, of anybody's. They are not taken apart, only their batches.
  package var events: Int64
  /// Events that a step reads.
  package var step: Int64
  /// For how long, whatever was walked.
  package var time: Duration

  /// A budget.
  package init(events: Int64 = 1_000_000, step: Int64 = 50_000, time: Duration = .milliseconds(500)) {
    self.events = events
    self.step = step
    self.time = time
  }

  /// What somebody waits for.
  package static let standard = UsageBudget()
}
