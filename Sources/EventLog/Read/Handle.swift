package import Domain
import Foundation
import Postgres

extension Log {
  /// How often a command is decided anew before it is given up: each attempt lost means another command won.
  private static let attempts = 10

  /// The way of a command: read the stream, evolve, decide, append at the version read; on conflict do it all again on fresh
  /// state (promise 4). Throws the decider's failure, ``LogError`` or `PostgresError`.
  ///
  /// - Parameter count: read so many of the stream's last events instead of all, where they hold all there is to know.
  @discardableResult
  package func handle<D: Decider>(
    _ command: D.Command, by _: D.Type, on stream: StreamID, from origin: Origin? = nil, last count: Int? = nil
  ) async throws -> Appended<D> {
    try await handle(D.self, on: stream, from: origin, last: count) { try $0.decide(command) }
  }

  /// The same, where what is decided takes more than a command and a state.
  @discardableResult
  package func handle<D: Decider>(
    _: D.Type, on stream: StreamID, from origin: Origin? = nil, last count: Int? = nil,
    _ decide: (D) async throws -> [D.Event]
  ) async throws -> Appended<D> {
    let handled = try await handle(on: stream.name, from: origin) { change in
      let loaded = try await change.load(D.self, from: stream, last: count)
      let events = try await decide(loaded.state)
      return (events: events, state: try change.append(events, to: loaded))
    }
    return Appended(events: handled.value.events, state: handled.value.state, position: handled.position)
  }

  /// Appends what `body` decides on as many streams of one shard as it likes, all or none; again and again while they move under it.
  ///
  /// - Parameter name: what an error calls it by.
  @discardableResult
  package func handle<Value>(
    on name: String, from origin: Origin? = nil, _ body: (inout Change) async throws -> Value
  ) async throws -> Handled<Value> {
    for attempt in 0..<Self.attempts {
      try await Self.pause(before: attempt)
      var change = Change(log: self, origin: origin)
      let value = try await body(&change)
      guard !change.units.isEmpty, let shard = change.shard else { return Handled(value: value, position: nil) }
      do {
        let outcomes = try await append(change.units, shard: shard)
        return Handled(value: value, position: outcomes.compactMap(\.position).max())
      } catch let error as PostgresError where error.sqlState == "RC409" {
        continue
      }
    }
    throw LogError.contended(stream: name, attempts: Self.attempts)
  }

  /// None before the first two attempts: most conflicts are the only one. Then up to 4 ms, 8 ms, … and half a second, drawn anew each time:
  /// of two who decide at the same pace the slower would else lose again and again.
  private static func pause(before attempt: Int) async throws {
    guard attempt > 1 else { return }
    try await Task.sleep(for: .microseconds(Int.random(in: 0...(1_000 << attempt))))
  }

  /// The state of a stream and the version it was read at; from its last events alone, if they hold all there is to know.
  package func load<D: Decider>(
    _: D.Type, from stream: StreamID, last count: Int? = nil
  ) async throws -> (state: D, version: Int) {
    if let count {
      let version = max(0, try await self.version(of: stream) - count)
      return try Self.evolve(D(), version, past: try await self.stream(stream, after: version)[...])
    }
    if let known = states.state(D.self, of: stream) {
      let stored = try await self.stream(stream, after: known.mark.version - 1)
      if stored.first.map(StreamStates.Mark.init) == known.mark {
        return try keep(Self.evolve(known.state, known.mark.version, past: stored.dropFirst()), stored.last, stream)
      }
      states.forget(D.self, of: stream)
    }
    let stored = try await self.stream(stream)
    return try keep(Self.evolve(D(), 0, past: stored[...]), stored.last, stream)
  }

  private static func evolve<D: Decider>(
    _ state: D, _ version: Int, past events: ArraySlice<StoredEvent>
  ) throws -> (state: D, version: Int) {
    var state = state
    for stored in events { state.evolve(try stored.event(D.Event.self)) }
    return (state, events.last?.streamVersion ?? version)
  }

  private func keep<D: Decider>(
    _ loaded: (state: D, version: Int), _ last: StoredEvent?, _ stream: StreamID
  ) -> (state: D, version: Int) {
    if let last { states.keep(loaded.state, upto: StreamStates.Mark(last), of: stream) }
    return loaded
  }
}
