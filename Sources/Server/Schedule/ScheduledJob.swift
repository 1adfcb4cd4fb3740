/// Work that falls due by the clock rather than by a request, run once across all server processes.
///
/// A job must bear being run twice: a process may die after the work and before it is noted.
public protocol ScheduledJob: Sendable {
  /// As `recount status` shows it; never changes.
  var name: String { get }
  /// How often it falls due, in milliseconds.
  var interval: Int64 { get }
  /// Does what is due at a time, everything that downtime left undone included.
  ///
  /// - Parameter now: milliseconds since 1970-01-01T00:00:00Z.
  func run(now: Int64) async throws
}
