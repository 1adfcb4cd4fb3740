public import Domain
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
  public func handle<D: Decider>(
    _ command: D.Command, by _: D.Type, on stream: Stream, from origin: Origin? = nil, last count: Int? = nil
  ) async throws -> Appended<D.Event> {
    try await handle(on: stream.name) {
      let (state, version) = try await load(D.self, from: stream, last: count)
      let events = try state.decide(command)
      let units = try Self.units(events, on: stream, after: version, from: origin)
      return Prepared(events: events, units: units, shard: stream.shard)
    }
  }

  /// Appends what `prepare` decides, again and again while streams move under it. For commands over several streams of one
  /// shard, which are appended all or none.
  @discardableResult
  public func handle<E: Sendable>(
    on name: String, _ prepare: () async throws -> Prepared<E>
  ) async throws -> Appended<E> {
    for _ in 0..<Self.attempts {
      let prepared = try await prepare()
      guard !prepared.units.isEmpty else { return Appended(events: prepared.events, position: nil) }
      do {
        let outcomes = try await append(prepared.units, shard: prepared.shard)
        return Appended(events: prepared.events, position: outcomes.compactMap(\.position).max())
      } catch let error as PostgresError where error.sqlState == "RC409" {
        continue
      }
    }
    throw LogError.contended(stream: name, attempts: Self.attempts)
  }

  /// The state of a stream and the version it was read at; from its last events alone, if they hold all there is to know.
  public func load<D: Decider>(
    _: D.Type, from stream: Stream, last count: Int? = nil
  ) async throws -> (state: D, version: Int) {
    if let count {
      let version = max(0, try await self.version(of: stream) - count)
      return try Self.evolve(D(), version, past: try await self.stream(stream, after: version)[...])
    }
    if let known = snapshots.state(D.self, of: stream) {
      let stored = try await self.stream(stream, after: known.mark.version - 1)
      if stored.first.map(Snapshots.Mark.init) == known.mark {
        return try keep(Self.evolve(known.state, known.mark.version, past: stored.dropFirst()), stored.last, stream)
      }
      snapshots.forget(D.self, of: stream)
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
    _ loaded: (state: D, version: Int), _ last: StoredEvent?, _ stream: Stream
  ) -> (state: D, version: Int) {
    if let last { snapshots.keep(loaded.state, upto: Snapshots.Mark(last), of: stream) }
    return loaded
  }

  /// Units that append these events to a stream after a version.
  public static func units(
    _ events: [some RecordedEvent], on stream: Stream, after version: Int, from origin: Origin? = nil
  ) throws -> [AppendUnit] {
    try events.enumerated().map { try AppendUnit($1, stream: stream, version: version + $0 + 1, origin: origin) }
  }
}

/// A command decided and ready to be appended.
public struct Prepared<Event: Sendable>: Sendable {
  let events: [Event]
  let units: [AppendUnit]
  let shard: Int

  /// Events and the units that hold them.
  public init(events: [Event], units: [AppendUnit], shard: Int) {
    self.events = events
    self.units = units
    self.shard = shard
  }
}

/// What a command led to.
public struct Appended<Event: Sendable>: Sendable {
  /// The events, none if all was so already.
  public let events: [Event]
  /// Where the last of them stands, nil when nothing was appended.
  public let position: Int64?
}
