import Domain
package import EventLog
package import Foundation
import Postgres

/// How many changes may be made to an account, or to a person, over all servers: a thousand at once, and then one each time that one of a
/// day's thousand has come back.
///
/// Far more than people make, and programs that create a project or a key for each customer of theirs. Without it, anybody could make a
/// stream so long that all its readers pay for it, and a log that never forgets longer still.
package struct ChangeLimit: Sendable {
  let log: Log
  let clock: any WallClock
  let perDay: Int64

  /// Over an open log.
  package init(log: Log, clock: any WallClock, perDay: Int64 = 1_000) {
    self.log = log
    self.clock = clock
    self.perDay = perDay
  }

  private static let day = Duration.days(1)

  /// Takes a change, or throws ``Throttled``. To be called for whoever has the right to make it, else others could
  /// use them up, and only where something changes, and more than rights end (`takesAway`).
  ///
  /// - Parameter subject: the account, or the person.
  package func take(_ subject: UUID) async throws {
    let row = try await log.pool.query(
      """
      SELECT operations.take_change(
        \("change:\(subject.text)"), \(Self.day.wholeMilliseconds / perDay), \(Self.day.wholeMilliseconds),
        \(clock.now.milliseconds)) AS wait
      """
    ).first
    let wait = try row?.decode("wait", as: Int64.self) ?? 0
    guard wait > 0 else { return }
    throw Throttled(wait: .milliseconds(wait), changesPerDay: perDay)
  }
}
