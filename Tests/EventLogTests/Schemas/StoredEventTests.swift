import Domain
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import EventLog

/// What logs hold, of every type and version, is written and read as ever.
@Suite struct StoredEventTests {
  private static let current = SampleEvent.all.filter { sample in
    EventKind.ofDomain.contains { $0.type == sample.type && $0.version == sample.version }
  }

  @Test func thereIsASampleOfEachKindInEachVersion() {
    let kinds = EventKind.all.flatMap { kind in (1...kind.version).map { "\(kind.type).v\($0)" } }
    #expect(Set(SampleEvent.all.map(\.testDescription)) == Set(kinds))
  }

  @Test(arguments: SampleEvent.all) func aSampleMatchesItsSchema(sample: SampleEvent) throws {
    try Self.expect(sample.json, matches: sample.type, sample.version)
  }

  @Test(arguments: current) func anEventIsWrittenAsItWasRead(sample: SampleEvent) throws {
    #expect(try EventKind.aggregates.compactMap { try Self.rewritten(sample, as: $0) } == [sample.json])
  }

  private static func rewritten<E: RecordedEvent>(_ sample: SampleEvent, as _: E.Type) throws -> String? {
    guard let event = try E.decode(sample.type, from: Array(sample.json.utf8)) else { return nil }
    return String(decoding: try EventCoding.encode(event.data), as: UTF8.self)
  }

  @Test func anEventOfEachVersionReadsAsTheCurrentOne() async throws {
    try await TestLog.with { test in
      for sample in SampleEvent.all {
        let kind = try #require(EventKind.all.first { $0.type == sample.type })
        let row = try #require(
          try await test.owner.query(
            """
            SELECT (log.upcast(\(sample.type), \(Int32(sample.version)), jsonb_build_array(\(sample.json)::jsonb)) -> 0)::text
              AS data
            """
          ).first)
        let lifted: String = try row.decode("data")
        try Self.expect(lifted, matches: kind.type, kind.version)
        let read = try EventKind.aggregates.filter { $0.records(kind) }
          .compactMap { try $0.decode(kind.type, from: Array(lifted.utf8)) as (any RecordedEvent)? }
        #expect(read.count == (EventKind.ofDomain.contains(kind) ? 1 : 0))
      }
    }
  }

  private static func expect(_ json: String, matches type: String, _ version: Int) throws {
    let folder = URL(filePath: #filePath).appending(path: "../../../../EventSchemas").standardizedFileURL
    let schemas = try EventSchemas(folder: folder)
    var text = "[\(json)]"
    let fault = try text.withUTF8 {
      try schemas.fault(in: UnsafeRawBufferPointer($0), of: EventSchemas.Name(type: type, version: version))
    }
    #expect(fault == nil)
  }
}
