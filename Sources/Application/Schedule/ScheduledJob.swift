package import Domain

/// Work that falls due by the clock rather than by a request, run once across all server processes (``Scheduler``).
///
/// A job must bear being run twice: a process may die after the work and before it is noted.
package protocol ScheduledJob: Sendable {
  /// As `recount status` shows it; never changes.
  var name: String { get }
  /// How often it falls due.
  var interval: Duration { get }
  /// How long one run may take. A run that takes longer is cancelled and counts as failed; where that does not help, such as in a
  /// process that is stopped, another process takes the job over. An hour where a job does not say.
  var deadline: Duration { get }
  /// The read models that it asks. Until a projector has made them all, as at an installation's first start, it is not due. None where
  /// a job does not say.
  var readModels: [String] { get }
  /// Does what is due at a time, everything that downtime left undone included. Ends early, throwing, when its task is cancelled.
  func run(now: Instant) async throws
}

extension ScheduledJob {
  /// An hour.
  package var deadline: Duration { .seconds(3600) }
  /// None.
  package var readModels: [String] { [] }
}
