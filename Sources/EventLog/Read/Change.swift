package import Domain
import Foundation

/// What a command is about to append: the streams that it has read, and what it has decided on them.
package struct Change {
  private let log: Log
  private let origin: Origin?
  private(set) var units: [AppendUnit] = []
  /// That of the streams appended to, which is one.
  private(set) var shard: Int?

  init(log: Log, origin: Origin?) {
    self.log = log
    self.origin = origin
  }

  /// A stream as it was read.
  package struct Loaded<D: Decider>: Sendable {
    /// What it has come to.
    package let state: D
    let stream: StreamID
    let version: Int
  }

  /// Reads a stream.
  ///
  /// - Parameter count: so many of its last events instead of all, where they hold all there is to know.
  package func load<D: Decider>(
    _: D.Type, from stream: StreamID, last count: Int? = nil
  ) async throws -> Loaded<D> {
    let (state, version) = try await log.load(D.self, from: stream, last: count)
    return Loaded(state: state, stream: stream, version: version)
  }

  /// A stream that nothing was ever appended to, as whoever draws its id knows.
  package func begin<D: Decider>(_: D.Type, as stream: StreamID) -> Loaded<D> {
    Loaded(state: D(), stream: stream, version: 0)
  }

  /// Appends to a stream after what was read of it, once. What the stream has come to then.
  @discardableResult
  package mutating func append<D: Decider>(_ events: [D.Event], to loaded: Loaded<D>) throws -> D {
    precondition(shard == nil || shard == loaded.stream.shard, "a change is of one shard")
    shard = loaded.stream.shard
    var state = loaded.state
    for (index, event) in events.enumerated() {
      units.append(
        try AppendUnit(event, stream: loaded.stream, version: loaded.version + index + 1, origin: origin))
      state.evolve(event)
    }
    return state
  }

  /// Appends what has no stream beside the rest: requests, and that their sender came. After what has one, by which `log.append()` knows that
  /// streams move.
  package mutating func append(_ units: [AppendUnit], shard: Int) {
    precondition(self.shard == shard, "what has a stream comes first, and is of the same shard")
    self.units += units
  }
}

/// What a command led to on its stream.
package struct Appended<D: Decider>: Sendable {
  /// None if all was so already.
  package let events: [D.Event]
  /// What the stream has come to with them.
  package let state: D
  /// Where the last of them stands; nil when nothing was appended.
  package let position: Int64?
}

/// What a command over streams led to.
package struct Handled<Value> {
  /// What it answered.
  package let value: Value
  /// Where the last of its events stands; nil when nothing was appended.
  package let position: Int64?
}

extension Handled: Sendable where Value: Sendable {}
