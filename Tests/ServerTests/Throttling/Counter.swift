import EventLog
import Synchronization

/// Whose calls were turned away.
final class Counter: Sendable {
  private let all = Mutex<[TelemetrySource]>([])
  var sources: [TelemetrySource] { all.withLock { $0 } }
  func add(_ source: TelemetrySource) { all.withLock { $0.append(source) } }
}
