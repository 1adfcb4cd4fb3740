import Crypto
import Domain
import Foundation
package import Postgres

/// Slows down who tries again and again, over all servers, longer each time, and caps what a day may hold. An address that nobody has
/// is treated like any other.
///
/// What counts against what stands beside each action: ``Throttle+logIn.swift``, ``Throttle+mails.swift``.
package struct Throttle: Sendable {
  package let pool: Pool
  package let secrets: Secrets
  package let clock: any WallClock
  /// The longest that an answer is delayed, rather than refused.
  let longestDelay: Duration

  /// What is counted under one key, and how much of it is allowed.
  package struct Count {
    let key: String
    /// The address, by its digest, whose new password makes the count void.
    var subject: String?
    let limit: Limit
  }

  /// How many attempts are free, what the next ones cost, and how many a day may hold at all.
  struct Limit {
    /// Nil: any number.
    var free: Int32?
    var firstWait = Duration.zero
    var longestWait = Duration.zero
    /// Nil: as many as the waits leave.
    var perDay: Int32?
  }

  /// Takes an attempt against all counts, in their order, or throws ``Throttled``.
  package func take(_ counts: [Count]) async throws {
    let limits = counts.map(\.limit)
    let row = try await pool.query(
      """
      SELECT operations.take_attempt(
        \(counts.map(\.key)), \(counts.map { $0.subject ?? "" }), \(limits.map { $0.free ?? -1 }),
        \(limits.map(\.firstWait.wholeMilliseconds)), \(limits.map(\.longestWait.wholeMilliseconds)), \(limits.map { $0.perDay ?? -1 }),
        \(Self.day.wholeMilliseconds), \(clock.now.milliseconds)) AS wait
      """
    ).first
    let wait = try row?.decode("wait", as: Int64.self) ?? 0
    guard wait == 0 else { throw Throttled(wait: .milliseconds(wait)) }
  }

  /// How often a key was counted in the day that is running.
  func attemptsToday(_ key: String) async throws -> Int {
    let now = clock.now
    let row = try await pool.query(
      """
      SELECT day_attempts FROM operations.throttles
      WHERE key = \(key) AND day_start <= \(now.milliseconds) AND day_start > \((now - Self.day).milliseconds)
      """
    ).first
    return try row?.decode("day_attempts") ?? 0
  }

  /// Forgets who has been quiet for a day, and all but the latest of very many.
  func forgetQuiet(now: Instant, keeping most: Int = 1_000_000) async throws {
    try await pool.query("SELECT operations.forget_attempts(\((now - Self.day).milliseconds), \(Int64(most)))")
  }

  /// After which a number of attempts means nothing any more.
  package static let day = Duration.days(1)

  /// A client as counts know it. Network addresses are personal: what is kept of them can't be read. A request without one, which
  /// came through no socket, is a client of its own.
  package func code(of client: String?) async throws -> String {
    let code = HMAC<SHA256>.authenticationCode(
      for: Data(Self.network(of: client ?? Client.unknown).utf8), using: try await secrets.key(.mailTokenKey))
    return Hex.text(code.prefix(16))
  }

  /// Who has one IPv6 address has the 2^64 of its network.
  private static func network(of client: String) -> String {
    guard let bytes = AddressRange.bytes(client), bytes.count == 16 else { return client }
    return Hex.text(bytes[0..<8])
  }
}
