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

  private struct Entry {
    let version: [UInt8]
    let value: any Remembered
    let weight: Int
    var lastUse: UInt64
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    var weight = 0
    var uses: UInt64 = 0
  }

  private let capacity: Int
  private let state = Mutex(State())

  /// - Parameter capacity: bytes, roughly.
  init(capacity: Int) { self.capacity = capacity }

  /// The answer to the same question, if it was made of the same.
  func value<Value: Remembered>(_ key: Key, version: [UInt8], as _: Value.Type = Value.self) -> Value? {
    state.withLock { state in
      guard let entry = state.entries[key], entry.version == version, let value = entry.value as? Value else {
        return nil
      }
      state.uses += 1
      state.entries[key]?.lastUse = state.uses
      return value
    }
  }

  /// Keeps an answer in the place of what was answered before.
  func remember(_ value: some Remembered, of key: Key, version: [UInt8]) {
    let weight = value.weight + version.count + key.question.utf8.count + 256
    // One that would drive out all others is not worth it.
    guard weight < capacity / 4 else { return }
    state.withLock { state in
      state.uses += 1
      let entry = Entry(version: version, value: value, weight: weight, lastUse: state.uses)
      state.weight += weight - (state.entries.updateValue(entry, forKey: key)?.weight ?? 0)
      if state.weight > capacity { Self.forget(downTo: capacity / 4 * 3, &state) }
    }
  }

  /// A quarter at a time, so that sorting costs little for each.
  private static func forget(downTo least: Int, _ state: inout State) {
    for (key, entry) in state.entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
      guard state.weight > least else { return }
      state.entries[key] = nil
      state.weight -= entry.weight
    }
  }
}
