import Logging
import Synchronization

/// What was logged, from a level on.
final class LinesOfLog: Sendable {
  private let all = Mutex<[(level: Logger.Level, text: String)]>([])
  private let lowest: Logger.Level

  init(from lowest: Logger.Level = .warning) { self.lowest = lowest }

  var lines: [String] { all.withLock { $0.map(\.text) } }
  var text: String { lines.joined(separator: "\n") }
  func count(_ level: Logger.Level) -> Int { all.withLock { $0.count { $0.level == level } } }

  var logger: Logger { Logger(label: "test") { _ in handler } }
  var handler: any LogHandler { Handler(lines: self, logLevel: lowest) }

  private struct Handler: LogHandler {
    let lines: LinesOfLog
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let more = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
      lines.all.withLock { $0.append((event.level, "\(event.message)\(more)")) }
    }
  }
}
