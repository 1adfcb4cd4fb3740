import Domain
import Postgres

/// How far this server's clock is ahead of the database's, which the log records by. Two clocks that agree are taken for right: nobody sets
/// both wrong by the same.
struct ClockDifference: Sendable, Equatable, CustomStringConvertible {
  /// Of the server's clock minus the database's; what the question itself took is not counted.
  let ahead: Duration

  /// Clocks that are kept right by NTP differ by much less, and no day that anybody would miss lies within it.
  static let bound = Duration.minutes(1)

  /// Asks both.
  init(of clock: any WallClock, to pool: Pool) async throws {
    let before = clock.now
    let row = try await pool.query("SELECT clock_timestamp() AS now").first
    let after = clock.now
    guard let there = try row?.decode("now", as: Instant.self).toMillisecond else {
      throw PostgresError(.decoding, "clock_timestamp() gave no row")
    }
    ahead = before > there ? before - there : min(.zero, after - there)
  }

  var isWithinBound: Bool { size <= Self.bound }

  private var size: Duration { ahead < .zero ? .zero - ahead : ahead }

  var description: String {
    "this server's clock is \(PeriodInWords.text(size)) \(ahead < .zero ? "behind" : "ahead of") the database's"
  }
}
