import Domain
import Foundation
import TestDatabase
import Testing

@testable import EventLog

/// What walks the log gives the same in steps of any size, and holds no more than a piece.
@Suite struct StepTests {
  private func fill(_ test: TestLog) async throws -> TelemetrySource {
    let source = try await test.account(tier: .pro)
    for count in [1, 40, 3, 60, 1] {
      let unit = TelemetryUnit.sample(source, count: count, identity: .batch(UUID(), digest: 1))
      _ = try await test.log.append([AppendUnit(unit)], shard: test.shard(of: source))
    }
    return source
  }

  @Test(arguments: ExportFormat.allCases) func piecesOfAnySizeMakeUpTheExport(format: ExportFormat) async throws {
    try await TestLog.with { test in
      _ = try await fill(test)
      func export(step: Int64, piece: Int64) async throws -> (text: [UInt8], pieces: [Int]) {
        var export = try Export(pool: test.log.pool, format: format)
        (export.step, export.pieceBytes) = (step, piece)
        var (text, pieces) = (export.opening, [Int]())
        var place = try await export.start()
        while let (bytes, next) = try await export.piece(at: place) {
          text += bytes
          pieces.append(bytes.count)
          place = next
        }
        return (text, pieces)
      }
      let whole = try await export(step: 1_000, piece: 1 << 30)
      #expect(!whole.text.isEmpty)
      let longest = whole.text.split(separator: UInt8(ascii: "\n")).map(\.count).max() ?? 0
      for (step, piece) in [(1, 1), (7, 500), (1_000, 1), (1_000, 3_000)] as [(Int64, Int64)] {
        let parts = try await export(step: step, piece: piece)
        #expect(parts.text == whole.text, "steps of \(step), pieces of \(piece)")
        #expect(parts.pieces.allSatisfy { $0 <= Int(piece) + 2 * longest + 200 })
      }
    }
  }

  @Test func aVoidCountsTheSameInStepsOfAnySize() async throws {
    try await TestLog.with { test in
      let source = try await fill(test)
      let stream = StreamID(
        name: "project-\(source.projectID)", shard: test.shard(of: source), accountID: source.accountID,
        projectID: source.projectID)
      let span = Voiding.Span(mode: .live, from: 1, to: Era.instants.upperBound)
      for step in [1, 50, 100_000] as [Int64] {
        var voiding = Voiding(log: test.log)
        voiding.step = step
        #expect(try await voiding.preview(span, on: stream).counts.map(\.events) == [105], "steps of \(step)")
      }
    }
  }
}
