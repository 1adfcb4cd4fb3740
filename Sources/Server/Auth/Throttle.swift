import Crypto
import Foundation
import HTTPTypes
import Postgres

/// Slows down who tries again and again: by address and by client, over all servers, longer each time. An address that nobody has is
/// treated like any other.
struct Throttle: Sendable {
  let pool: Pool
  let secrets: Secrets
  let clock: any WallClock

  /// What is slowed down.
  enum Action: String {
    case logIn = "log-in"
    case signUp = "sign-up"
    /// Anything that sends a mail to whoever has the address.
    case mail
  }

  /// Takes an attempt, or throws the problem that says how long to wait.
  ///
  /// - Parameters:
  ///   - digest: of the address that the attempt is about.
  ///   - client: the network address that it comes from; nil where there is none.
  func take(_ action: Action, digest: String, client: String?) async throws {
    let limits = action.limits
    let keys = try await keys(action, digest, client)
    let free = keys.count == 1 ? [limits.freePerAddress] : [limits.freePerAddress, limits.freePerClient]
    let row = try await pool.query(
      """
      SELECT operations.take_attempt(
        \(keys), \(free), \(limits.firstWait), \(limits.longestWait), \(Self.memory), \(clock.milliseconds)) AS wait
      """
    ).first
    let wait = try row?.decode("wait", as: Int64.self) ?? 0
    guard wait == 0 else { throw Self.problem(wait) }
  }

  /// The attempt turned out to be a right one.
  func giveBack(_ action: Action, digest: String, client: String?) async throws {
    let keys = try await keys(action, digest, client)
    try await pool.query(
      Query("SELECT operations.give_attempt_back($1, $2)", [keys[0], keys.count == 2 ? keys[1] : nil]))
  }

  /// Forgets who has been quiet for long.
  func forgetQuiet(now: Int64) async throws {
    try await pool.query("DELETE FROM operations.throttles WHERE last_attempt < \(now - 2 * Self.memory)")
  }

  /// A day, after which a number of attempts means nothing any more.
  private static let memory: Int64 = 86_400_000

  private static func problem(_ wait: Int64) -> Problem {
    let seconds = max(1, (wait + 999) / 1000)
    return Problem(
      .tooManyAttempts, "too many attempts: wait \(seconds) seconds", members: ["retry_after": .integer(Int(seconds))],
      headers: [.retryAfter: "\(seconds)"])
  }

  private func keys(_ action: Action, _ digest: String, _ client: String?) async throws -> [String] {
    let address = "\(action.rawValue):address:\(digest)"
    guard let client else { return [address] }
    // Network addresses are personal: what is kept of them can't be read.
    let code = HMAC<SHA256>.authenticationCode(
      for: Data(Self.network(of: client).utf8), using: try await secrets.key(.mailTokenKey))
    return [address, "\(action.rawValue):client:\(Hex.text(code.prefix(16)))"]
  }

  /// Who has one IPv6 address has the 2^64 of its network.
  private static func network(of client: String) -> String {
    guard let bytes = AddressRange.bytes(client), bytes.count == 16 else { return client }
    return Hex.text(bytes[0..<8])
  }
}

extension Throttle.Action {
  /// How many attempts are free, and what the next ones cost.
  struct Limits {
    let freePerAddress: Int32
    let freePerClient: Int32
    let firstWait: Int64
    let longestWait: Int64
  }

  /// Addresses: a person mistypes a few times, then waits seconds; a guesser soon waits the longest time, some hundred guesses a day.
  /// The longest wait is short enough that nobody can lock a person out for good. Clients: a whole office may share one.
  var limits: Limits {
    switch self {
    case .logIn: Limits(freePerAddress: 5, freePerClient: 50, firstWait: 1_000, longestWait: 900_000)
    case .signUp: Limits(freePerAddress: 3, freePerClient: 50, firstWait: 5_000, longestWait: 3_600_000)
    case .mail: Limits(freePerAddress: 3, freePerClient: 50, firstWait: 30_000, longestWait: 3_600_000)
    }
  }
}
