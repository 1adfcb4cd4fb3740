import Domain
import Synchronization

/// States of streams as they were last seen by this process: a stream of a thousand events is read once, not for each request.
///
/// Never taken for new: whoever takes a state reads what came after it, so that many processes may change the stream. Nor for true: the last
/// event that it knows is read again with that, and must be the one that it was. A database that crashed before it had flushed what was read
/// already, or was restored, may hold another in its place; then all is read anew.
final class StreamStates: Sendable {
  /// The event that a state ends with.
  struct Mark: Sendable, Equatable {
    let version: Int
    let position: Int64
    let recordedAt: Instant

    init(_ stored: StoredEvent) {
      (version, position, recordedAt) = (stored.streamVersion, stored.position, stored.recordedAt)
    }
  }

  private struct Key: Hashable {
    let shard: Int
    let stream: String
    let state: ObjectIdentifier
  }

  private struct Entry {
    let state: any Sendable
    let mark: Mark
    var lastUse: UInt64
  }

  private struct Kept {
    var entries: [Key: Entry] = [:]
    var events = 0
    var clock: UInt64 = 0
  }

  /// Streams of fewer events are read in the time that it takes to look at the last.
  static let fewestEvents = 8
  /// Events that all states together were made of. A state holds at most what they do, some hundred bytes each: 25 MB at the most.
  private let capacity: Int
  private let kept = Mutex(Kept())

  init(capacity: Int = 50_000) { self.capacity = capacity }

  /// A state as it was, and the event that it ended with.
  func state<D: Decider>(_: D.Type, of stream: StreamID) -> (state: D, mark: Mark)? {
    kept.withLock { kept in
      kept.clock += 1
      let key = Self.key(D.self, stream)
      guard let entry = kept.entries[key], let state = entry.state as? D else { return nil }
      kept.entries[key]?.lastUse = kept.clock
      return (state, entry.mark)
    }
  }

  /// Keeps a state in the place of an earlier one. Another may have read further meanwhile: that one stays.
  func keep<D: Decider>(_ state: D, upto mark: Mark, of stream: StreamID) {
    guard (Self.fewestEvents...capacity).contains(mark.version) else { return }
    kept.withLock { kept in
      let key = Self.key(D.self, stream)
      if let known = kept.entries[key], known.mark.version > mark.version { return }
      kept.clock += 1
      kept.events += mark.version - (kept.entries[key]?.mark.version ?? 0)
      kept.entries[key] = Entry(state: state, mark: mark, lastUse: kept.clock)
      if kept.events > capacity { Self.shrink(&kept, to: capacity / 2) }
    }
  }

  /// What was kept is not true.
  func forget<D: Decider>(_: D.Type, of stream: StreamID) {
    kept.withLock { kept in
      if let entry = kept.entries.removeValue(forKey: Self.key(D.self, stream)) { kept.events -= entry.mark.version }
    }
  }

  /// Events that what is kept was made of.
  var events: Int { kept.withLock { $0.events } }

  /// Half at a time, so that it is rare: those used last stay.
  private static func shrink(_ kept: inout Kept, to events: Int) {
    for (key, entry) in kept.entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
      guard kept.events > events else { return }
      kept.entries[key] = nil
      kept.events -= entry.mark.version
    }
  }

  private static func key<D: Decider>(_: D.Type, _ stream: StreamID) -> Key {
    Key(shard: stream.shard, stream: stream.name, state: ObjectIdentifier(D.self))
  }
}
