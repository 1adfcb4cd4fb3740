package import EventLog
import Foundation
import Postgres

/// Waits until the directory, or another read model, has come to what was just recorded, so that a key works, and a list shows what was changed, once the
/// change has been answered.
///
/// Bounded: where no projector runs, the change is recorded all the same, and the answer says that it does not hold yet.
package struct DirectoryFollower: Sendable {
  private let log: Log
  private let patience: Duration
  private let places: ReadModelPlaces

  /// A projector that is awake takes some milliseconds.
  private static let pause = Duration.milliseconds(10)

  /// Waits no longer than this for the read models that the questions are asked of.
  package init(log: Log, questions: Questions, patience: Duration) {
    self.log = log
    self.patience = patience
    places = questions.places
  }

  /// Whether a read model has come to it.
  package func follows(_ recorded: Recorded, in projection: String = "directory") async -> Bool {
    let deadline = ContinuousClock.now + patience
    while true {
      guard let state = try? await position(of: projection, on: recorded.shard) else { return false }
      // Nothing was recorded: what is asked for was so before, at the latest where the log ends now.
      if state.model >= recorded.position ?? state.log { return true }
      guard ContinuousClock.now < deadline, (try? await Task.sleep(for: Self.pause)) != nil else { return false }
    }
  }

  /// Nil where nobody has built it.
  private func position(of projection: String, on shard: Int) async throws -> (model: Int64, log: Int64)? {
    let schema = places.schema(of: projection)
    return try await log.pool.query("SELECT position, log_position FROM projector.as_of(\(schema), \(Int32(shard)))")
      .first
      .map { (try $0.decode("position"), try $0.decode("log_position")) }
  }
}
