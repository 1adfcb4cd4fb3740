package import Logging
import Synchronization

/// A log in which what anybody can cause, again and again, takes one line a second: of each kind of warning and error the first, and the
/// last of those that came within its second, with how many there were. Nothing is lost but repetition, and no attacker fills the disk.
///
/// Lower levels pass as they are.
package struct RateLimitedLog: LogHandler {
  private var inner: any LogHandler
  private let kinds: Kinds

  /// In front of another handler. All copies share their counts.
  package init(_ inner: any LogHandler) {
    self.inner = inner
    kinds = Kinds(second: .seconds(1))
  }

  /// With a second of another length, for tests.
  init(_ inner: any LogHandler, second: Duration) {
    self.inner = inner
    kinds = Kinds(second: second)
  }

  /// Passes the line on, or counts it.
  package func log(event: LogEvent) {
    guard event.level >= .warning else { return inner.log(event: event) }
    switch kinds.take(event, Kind(event), by: inner) {
    case .pass: inner.log(event: event)
    case .hold: break
    case .holdFirst(let kind):
      Task { [kinds] in
        try? await Task.sleep(for: kinds.second)
        kinds.release(kind)
      }
    }
  }

  /// As the handler behind has it.
  package var metadata: Logger.Metadata {
    get { inner.metadata }
    set { inner.metadata = newValue }
  }

  /// As the handler behind has it.
  package var metadataProvider: Logger.MetadataProvider? {
    get { inner.metadataProvider }
    set { inner.metadataProvider = newValue }
  }

  /// As the handler behind has it.
  package var logLevel: Logger.Level {
    get { inner.logLevel }
    set { inner.logLevel = newValue }
  }

  /// As the handler behind has it.
  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { inner[metadataKey: key] }
    set { inner[metadataKey: key] = newValue }
  }
}

/// What lines must have in common to count as one: where they are written, and the metadata `kind` of those that say what kind they are.
private struct Kind: Hashable {
  let file: String
  let line: UInt
  let detail: String

  init(_ event: LogEvent) {
    file = event.file
    line = event.line
    detail = event.metadata?["kind"].map { String("\($0)".prefix(64)) } ?? ""
  }

  /// All the rest, when there are more kinds than anybody means.
  private init() { (file, line, detail) = ("", 0, "") }
  static let other = Kind()
}

/// What was written lately.
private final class Kinds: Sendable {
  enum Verdict { case pass, hold, holdFirst(Kind) }

  private struct Entry {
    var until: ContinuousClock.Instant
    var held = 0
    var last: (event: LogEvent, handler: any LogHandler)?
  }

  let second: Duration
  private let entries = Mutex<[Kind: Entry]>([:])
  /// Kinds at a time: there are some dozens. A kind that says something of its request can't take memory without bound.
  private static let most = 64

  init(second: Duration) { self.second = second }

  func take(_ event: LogEvent, _ kind: Kind, by handler: any LogHandler) -> Verdict {
    let now = ContinuousClock.now
    return entries.withLock { entries in
      let kind = entries[kind] == nil && !Self.hasRoom(in: &entries, now) ? .other : kind
      guard var entry = entries[kind], entry.until > now || entry.held > 0 else {
        entries[kind] = Entry(until: now + second)
        return .pass
      }
      entry.held += 1
      entry.last = (event, handler)
      entries[kind] = entry
      return entry.held == 1 ? .holdFirst(kind) : .hold
    }
  }

  private static func hasRoom(in entries: inout [Kind: Entry], _ now: ContinuousClock.Instant) -> Bool {
    guard entries.count >= most else { return true }
    entries = entries.filter { $0.value.until > now || $0.value.held > 0 }
    return entries.count < most
  }

  /// Writes the last one held, for all.
  func release(_ kind: Kind) {
    let entry = entries.withLock { entries in
      let entry = entries[kind]
      entries[kind] = Entry(until: .now + second)
      return entry
    }
    guard let entry, let (last, handler) = entry.last else { return }
    var event = last
    event.metadata = (event.metadata ?? [:]).merging(["like_it_since": "\(entry.held)"]) { $1 }
    handler.log(event: event)
  }
}
