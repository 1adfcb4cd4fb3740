import Domain
import Logging

/// Logs as swift-log does, with messages and values shown by ``ForeignText``: they quote requests, mail servers and the database.
struct TerminalLogHandler: LogHandler {
  private var inner: StreamLogHandler

  init(_ inner: StreamLogHandler) { self.inner = inner }

  var logLevel: Logger.Level {
    get { inner.logLevel }
    set { inner.logLevel = newValue }
  }

  var metadata: Logger.Metadata {
    get { inner.metadata }
    set { inner.metadata = newValue.mapValues(Self.shown) }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { inner[metadataKey: key] }
    set { inner[metadataKey: key] = newValue.map(Self.shown) }
  }

  func log(event: LogEvent) {
    var event = event
    event.message = "\(ForeignText.line(event.message.description))"
    var metadata = event.metadata ?? [:]
    if let error = event.error {
      metadata["error.message"] = "\(error)"
      metadata["error.type"] = "\(String(reflecting: type(of: error)))"
      event.error = nil
    }
    event.metadata = metadata.isEmpty ? nil : metadata.mapValues(Self.shown)
    inner.log(event: event)
  }

  private static func shown(_ value: Logger.MetadataValue) -> Logger.MetadataValue {
    switch value {
    case .string(let text): .string(ForeignText.line(text))
    case .stringConvertible(let value): .string(ForeignText.line(value.description))
    case .array(let values): .array(values.map(shown))
    case .dictionary(let values): .dictionary(values.mapValues(shown))
    }
  }
}
