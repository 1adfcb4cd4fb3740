package import RecountClient

/// Why an import did not take place or was not finished.
package enum ImportError: Error, Sendable, CustomStringConvertible {
  /// The options contradict each other or are out of range.
  case usage(String)
  /// The log can't be opened or read: its path, and the system's reason.
  case unreadableFile(String, String)
  /// The memory of earlier imports can't be read or written: its path and the reason. Without it nothing is sent,
  /// for what is sent could then be counted twice.
  case memory(String, String)
  /// A batch was not delivered; the summary says what had been answered until then.
  case undelivered(RecountError, ImportSummary)

  /// What went wrong and what to do, in a sentence.
  package var description: String {
    switch self {
    case .usage(let text): text
    case .unreadableFile(let path, let reason): "the log \(path) can't be read: \(reason)"
    case .memory(let path, let reason):
      "the memory of imports at \(path) can't be used: \(reason); name another folder with --state"
    case .undelivered(let error, _):
      "the import stopped: \(error)" + (error.isFinal ? "" : "; run the same command again to resume")
    }
  }
}
