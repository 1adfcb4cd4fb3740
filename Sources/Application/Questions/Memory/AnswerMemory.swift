import Crypto
import Domain
import Synchronization

/// Something that is remembered, and what it weighs.
protocol Remembered: Sendable {
  /// Bytes, roughly.
  var weight: Int { get }
}

/// What was answered before, for as long as what it was made of is as it was. Nobody is told anything old by it: whoever asks it brings the
/// version of what the answer would be made of now, read from the database a moment ago.
///
/// Bounded: beyond its capacity, what was not asked for the longest is forgotten first.
final class AnswerMemory: Sendable {
  /// What was asked.
  struct Key: Hashable, Sendable {
    /// Which question, with all that it was asked with but what follows.
    let question: String
    let span: TrafficSpan
    /// Of the label that it was asked of alone, byte for byte: two texts may be one to a String, and as long as a request may be.
    private let label: SHA256Digest?
    private let comparison: SpanComparison?

    init(
      _ question: String, _ span: TrafficSpan, of label: SoughtLabel? = nil, against comparison: SpanComparison? = nil
    ) {
      self.question = question
      self.span = span
      self.label = label.map { SHA256.hash(data: Array("\($0.series.rawValue) \($0.text)".utf8)) }
      self.comparison = comparison
    }
  }

  private struct Entry: Sendable {
    let version: [UInt8]
    let value: any Remembered
  }

  private let state: Mutex<RecentValues<Key, Entry>>

  /// - Parameter capacity: bytes, roughly.
  init(capacity: Int) { state = Mutex(RecentValues(capacity: capacity)) }

  /// The answer to the same question, if it was made of the same.
  func value<Value: Remembered>(_ key: Key, version: [UInt8], as _: Value.Type = Value.self) -> Value? {
    guard let entry = state.withLock({ $0.value(key) }), entry.version == version else { return nil }
    return entry.value as? Value
  }

  /// Keeps an answer in the place of what was answered before.
  func remember(_ value: some Remembered, of key: Key, version: [UInt8]) {
    let weight = value.weight + version.count + key.question.utf8.count + 256
    state.withLock { $0.put(Entry(version: version, value: value), weighing: weight, for: key) }
  }
}
