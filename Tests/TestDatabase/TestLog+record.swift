public import Domain
public import EventLog
public import Foundation

/// Any domain event, for tests of what follows from it: whether it may happen is decided, and tested, elsewhere.
struct Fact: RecordedEvent {
  static var types: [any EventData.Type] { [] }
  let data: any EventData

  init(_ data: any EventData) { self.data = data }

  static func == (left: Fact, right: Fact) -> Bool { false }
}

extension TestLog {
  /// Appends events to a stream after a version, by default to one that has none yet.
  public func record(
    _ facts: any EventData..., on stream: EventLog.Stream, after version: Int = 0, from origin: Origin? = nil
  ) async throws {
    _ = try await log.append(units(facts, on: stream, after: version, from: origin), shard: stream.shard)
  }

  /// Units for events of a stream, to be appended with others.
  public func units(
    _ facts: [any EventData], on stream: EventLog.Stream, after version: Int = 0, from origin: Origin? = nil
  ) throws -> [AppendUnit] {
    try Log.units(facts.map(Fact.init), on: stream, after: version, from: origin)
  }

  /// A new stream on the shard of a person.
  public func stream(ofPerson id: UUID) -> EventLog.Stream {
    EventLog.Stream(name: "person-\(UUID())", shard: log.shards.shard(of: id))
  }

  /// A new stream of an account.
  public func stream(ofAccount id: UUID) -> EventLog.Stream {
    EventLog.Stream(name: "tenant-\(UUID())", shard: log.shards.shard(of: id), accountID: id)
  }
}
