package import Domain
package import EventLog
package import Foundation

/// Any domain event, for tests of what follows from it: whether it may happen is decided, and tested, elsewhere.
struct Fact: RecordedEvent {
  static let cases: [EventCase<Fact>] = []
  let data: any EventData

  init(_ data: any EventData) { self.data = data }

  static func records(_ kind: EventKind) -> Bool { true }

  static func == (left: Fact, right: Fact) -> Bool { false }
}

extension TestLog {
  /// Appends events to a stream after a version, by default to one that has none yet.
  package func record(
    _ facts: any EventData..., on stream: StreamID, after version: Int = 0, from origin: Origin? = nil
  ) async throws {
    _ = try await log.append(units(facts, on: stream, after: version, from: origin), shard: stream.shard)
  }

  /// Units for events of a stream, to be appended with others.
  package func units(
    _ facts: [any EventData], on stream: StreamID, after version: Int = 0, from origin: Origin? = nil
  ) throws -> [AppendUnit] {
    try facts.enumerated().map {
      try AppendUnit(Fact($1), stream: stream, version: version + $0 + 1, origin: origin)
    }
  }

  /// A new stream on the shard of a person.
  package func stream(ofPerson id: UUID) -> StreamID {
    StreamID(name: "person-\(UUID())", shard: log.shards.shard(of: id))
  }

  /// A new stream of an account.
  package func stream(ofAccount id: UUID) -> StreamID {
    StreamID(name: "tenant-\(UUID())", shard: log.shards.shard(of: id), accountID: id)
  }
}
