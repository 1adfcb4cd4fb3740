package import Domain

/// Forgets who has tried something long ago, so that strangers' attempts take no room for good.
package struct ThrottlesJob: ScheduledJob {
  private let people: People

  /// `throttles`
  package let name = "throttles"
  /// Often enough that what strangers make up in between takes little room.
  package let interval = Duration.minutes(10)

  /// For the people of a log.
  package init(people: People) { self.people = people }

  /// Any number of times.
  package func run(now: Instant) async throws { try await people.throttle.forgetQuiet(now: now) }
}
