/// Forgets who has tried something long ago, so that strangers' attempts take no room for good.
public struct ThrottlesJob: ScheduledJob {
  private let people: People

  /// `throttles`
  public let name = "throttles"
  /// Often enough that what strangers make up in between takes little room.
  public let interval: Int64 = 600_000

  /// For the people of a log.
  public init(people: People) { self.people = people }

  /// Any number of times.
  public func run(now: Int64) async throws { try await people.throttle.forgetQuiet(now: now) }
}
