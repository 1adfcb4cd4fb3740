package import Foundation
package import RecountClient

/// Where the log comes from.
package enum ImportSource: Sendable, Hashable {
  /// The file at this path.
  case file(String)
  /// The standard input: it can be read only once, so it can't be rebased or repeated.
  case standardInput

  /// `-` is the standard input, as it is elsewhere.
  package init(_ argument: String) { self = argument == "-" ? .standardInput : .file(argument) }
}

/// What becomes of the timestamps.
package enum Rebase: Sendable, Hashable {
  /// They stay.
  case none
  /// All are shifted by the same time, so that the latest falls on the moment the import first began.
  case now
  /// All are shifted by the same time, so that the latest falls on this moment.
  case to(Timestamp)

  /// `none`, `now`, or a time of RFC 3339. `nil` for other text.
  package init?(_ argument: String) {
    switch argument {
    case "none": self = .none
    case "now": self = .now
    default:
      guard let moment = Timestamp(rfc3339: argument) else { return nil }
      self = .to(moment)
    }
  }

  var name: String {
    switch self {
    case .none: "none"
    case .now: "now"
    case .to(let moment): "\(moment)"
    }
  }
}

/// What to import, where to, and how.
package struct ImportOptions: Sendable {
  /// The log.
  package var source: ImportSource
  /// How its lines are written.
  package var format: LogFormatName
  /// The server, the key and the patience. ``RecountClient/Configuration/onRetry`` is set by the importer.
  package var client: RecountClient.Configuration
  /// Where the importer remembers what it sent: a folder, made when missing.
  package var stateFolder: URL
  /// What becomes of the timestamps.
  package var rebase = Rebase.none
  /// For lines that hold no response time; nil leaves it out.
  package var defaultResponseTime: ResponseTime?
  /// Events per batch, 1…5,000. An import that was begun keeps the size that it began with.
  package var batchSize = 500
  /// Batches in flight. Two keep the server busy while one answer travels.
  package var concurrency = 2
  /// How many copies of the file there are to be in the end, each with ids of its own.
  package var passes = 1
  /// Forget what was sent and send all as new events.
  package var newIDs = false

  /// Options with the defaults above.
  package init(source: ImportSource, format: LogFormatName, client: RecountClient.Configuration, stateFolder: URL) {
    self.source = source
    self.format = format
    self.client = client
    self.stateFolder = stateFolder
  }

  /// - Throws: ``ImportError/usage(_:)``
  func check() throws(ImportError) {
    guard (1...TrackBatch.eventLimit).contains(batchSize) else {
      throw .usage("the batch size is \(batchSize): allowed are 1 to \(TrackBatch.eventLimit) events")
    }
    guard (1...64).contains(concurrency) else {
      throw .usage("the concurrency is \(concurrency): allowed are 1 to 64 batches in flight")
    }
    guard passes >= 1 else { throw .usage("repeat is \(passes): allowed is 1 or more") }
    guard source == .standardInput else { return }
    guard rebase == .none else {
      throw .usage("rebasing reads the log twice, and the standard input can't be: give the path of a file")
    }
    guard passes == 1 else { throw .usage("the standard input can't be read \(passes) times: give the path of a file") }
  }
}
