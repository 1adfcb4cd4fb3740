import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// A request by its position, wherever it lies by now.
@Suite(.timeLimit(.whatHangs)) struct ExplainedEventTests {
  @Test func aRequestOfAnArchivedMonthIsWhatItWas() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "recount-archive-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await RequestsTests.with { recounted in
      let log = try await PastLog(recounted, seed: 5, from: try Instant.parse("2025-02-10T00:00:00Z"), keepingAll: true)
      let batches = try await recounted.test.owner.query(
        "SELECT last_position FROM log.batches WHERE shard = \(Int32(log.shard)) ORDER BY last_position")
      // Each in the archive reads a frame.
      let positions = try stride(from: 0, to: batches.count, by: 4).map { index in
        try batches[index].decode("last_position", as: Int64.self)
      }
      func all(_ questions: Questions) async throws -> [String] {
        var told: [String] = []
        for source in log.sources {
          for position in positions {
            let event = try await questions.event(
              at: position, ofProject: source.projectID, in: source.accountID, modes: [source.mode])
            guard let event else { continue }
            #expect(event.batch.firstPosition <= position && position <= event.batch.lastPosition)
            #expect(event.inclusion.map { $0.chainHash == Hex.text(event.batch.hash) } ?? true)
            told.append("\(event.request) \(event.batch) \(event.void?.void.voidID.text ?? "counts")")
          }
        }
        return told
      }
      let before = try await all(recounted.questions)
      #expect(before.count > 10)
      #expect(before.contains { !$0.hasSuffix("counts") } && before.contains { $0.hasSuffix("counts") })
      let archive = try await recounted.archiveAll(to: folder, before: "2025-03")
      let able = try Questions(log: recounted.test.log, queries: Recounted.queries, archive: archive)
      #expect(try await all(able) == before)
      await #expect(throws: ArchiveError.self) {
        try await recounted.questions.event(
          at: 1, ofProject: log.sources[0].projectID, in: log.sources[0].accountID, modes: [.live])
      }
    }
  }

  /// The moment is found by halves; the walk along the chain is what it must come to.
  @Test func whereTheLogStoodAtATimeIsFoundWhateverTheTime() async throws {
    try await RequestsTests.with { recounted in
      let log = try await PastLog(recounted, seed: 2, from: Instant.now.toDay - .days(4))
      for moment in log.moments {
        let found = try await recounted.questions.position(at: moment, on: log.shard)
        let expected = try await recounted.test.owner.query(
          """
          SELECT coalesce(max(last_position), 0) AS n FROM log.batches
          WHERE shard = \(Int32(log.shard)) AND recorded_at <= \(moment)
          """)
        #expect(try expected.first?.decode("n", as: Int64.self) == found, "\(moment)")
      }
    }
  }
}
