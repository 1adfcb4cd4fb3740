import Logging
import Testing

@testable import Server

/// Fails the test in which an operation answers what it does not declare. Keeps silent otherwise.
struct UndeclaredHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.error

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    guard event.message.description == Server.Operation.undeclared else { return }
    Issue.record("\(event.message): \(event.metadata ?? [:])")
  }
}
