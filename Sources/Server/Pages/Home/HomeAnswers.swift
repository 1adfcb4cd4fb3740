import Application
import Domain
import EventLog
import Foundation

/// What an account's home shows, as it was answered.
struct HomeAnswers: Sendable {
  let month: CalendarMonth
  let now: Instant
  let usage: Answered<AccountUsage>?
  let traffic: Answered<AccountTraffic>?
  let intake: Answered<IntakeCounts>?
  /// Nil where the directory is missing.
  let uses: [ProjectUse]?
  let ending: [EndingKey]
  let checkpoint: Checkpoint?
  /// Of this month alone, as the next.
  let strip: Strip?
  let pace: Weeks?
  let projects: [ShownProject]
  /// The calls of each day.
  let sparks: [UUID: [Int64]]
  let endpoints: Endpoints?
  /// Of this month alone; nil where there is nothing to compare with.
  let movers: Movers?

  /// Now, against what it usually is.
  struct Strip: Sendable {
    let today: Range<Instant>
    /// Nil before the day's first quarter has ended.
    let calls: Int64?
    let other: Range<Instant>
    /// Nil where that is no longer kept.
    let otherCalls: Int64?
    let hour: Range<Instant>
    let last: TrafficNumbers
  }

  /// The calls of two weeks.
  struct Weeks: Sendable {
    let last, before: Int64
  }

  struct ShownProject: Sendable {
    let use: ProjectUse
    let numbers: TrafficNumbers?
  }

  /// Those with the most calls.
  struct Endpoints: Sendable {
    let entries: [Entry]
    /// Whether no endpoint of a project that was not asked can be among them.
    let isWhole: Bool
    /// Where endpoints begin to be kept of all of them; nil: all of the month is.
    let keptSince: Instant?

    struct Entry: Sendable {
      let project: ProjectTraffic
      let endpoint: EndpointTraffic
    }

    private static let most = 5

    init(of projects: [ProjectTraffic], _ found: [UUID: [EndpointTraffic]]) {
      let all = projects.flatMap { project in
        (found[project.id] ?? []).map { Entry(project: project, endpoint: $0) }
      }
      entries = Array(all.sorted { $0.endpoint.numbers.calls > $1.endpoint.numbers.calls }.prefix(Self.most))
      let least = entries.count == Self.most ? entries.last?.endpoint.numbers.calls ?? 0 : 0
      isWhole = projects.allSatisfy { found[$0.id] != nil || $0.numbers.calls <= least }
      let asked = projects.filter { found[$0.id] != nil }
      keptSince = asked.compactMap { project in project.detailFrom.flatMap { $0 > project.range.lowerBound ? $0 : nil }
      }
      .max()
    }
  }

  /// What can't be shown since nobody has built it yet.
  var missing: [String] {
    [
      traffic == nil ? "traffic" : nil, usage == nil || intake == nil ? "usage" : nil, uses == nil ? "directory" : nil,
    ].compactMap(\.self)
  }

  /// When, while nothing happens, something else is shown but at the quarters of an hour; nil where that can't be told.
  var moments: [Instant]? { missing.isEmpty ? ending.map(\.endsAt) : nil }

  /// The account has tracked something.
  var hasEvents: Bool {
    [usage?.value.live.used, usage?.value.test.used, traffic?.value.numbers.calls, pace?.last, pace?.before]
      .contains { $0 ?? 0 > 0 } || uses?.contains { $0.lastUsedAt != nil } == true
  }
}
