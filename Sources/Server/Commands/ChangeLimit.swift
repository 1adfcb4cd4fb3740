import Foundation
import HTTPTypes
import Postgres

/// How many changes may be made to an account, or to a person, over all servers: a thousand at once, and then one each time that one of a
/// day's thousand has come back.
///
/// Far more than people make, and programs that create a project or a key for each customer of theirs. Without it, anybody could make a
/// stream so long that all its readers pay for it, and a log that never forgets longer still.
struct ChangeLimit: Sendable {
  let pool: Pool
  let clock: any WallClock
  var perDay: Int64 = 1_000

  private static let day: Int64 = 86_400_000

  /// Takes a change, or throws the problem that says how long to wait. To be called for whoever has the right to make it, else others could
  /// use them up, and only where something changes, and more than rights end (`takesAway`).
  ///
  /// - Parameter subject: the account, or the person.
  func take(_ subject: UUID) async throws {
    let row = try await pool.query(
      """
      SELECT operations.take_change(
        \("change:\(subject.text)"), \(Self.day / perDay), \(Self.day), \(clock.milliseconds)) AS wait
      """
    ).first
    let wait = try row?.decode("wait", as: Int64.self) ?? 0
    guard wait > 0 else { return }
    let seconds = wait / 1000 + 1
    throw Problem(
      .tooManyAttempts, "\(perDay) changes were made in a day: wait \(seconds) seconds for the next",
      members: ["retry_after": .integer(Int(seconds)), "limit": .integer(Int(perDay))],
      headers: [.retryAfter: "\(seconds)"])
  }
}
