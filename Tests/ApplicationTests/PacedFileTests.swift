import TestDatabase
import Testing

@testable import Application

/// Hurt when it is wrong: whoever tracks while a burst of what could wait takes all of the database.
@Suite(.timeLimit(.whatHangs)) struct PacedFileTests {
  private struct Refused: Error {}

  private struct Span: Sendable {
    let begin: ContinuousClock.Instant
    let end: ContinuousClock.Instant
  }

  @Test func whoeverComesNextBeginsNoSoonerThanTheOneBeforeTookAfterItsEnd() async throws {
    let file = PacedFile()
    let spans = try await withThrowingTaskGroup(of: Span.self, returning: [Span].self) { group in
      for _ in 0..<4 {
        group.addTask {
          try await file {
            let begin = ContinuousClock.now
            try await Task.sleep(for: .milliseconds(20))
            return Span(begin: begin, end: .now)
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.begin < $1.begin }
    }
    #expect(spans.count == 4)
    for (one, next) in zip(spans, spans.dropFirst()) { #expect(next.begin - one.end >= one.end - one.begin) }
  }

  @Test func whatFailsIsToldAndTheNextGoesOn() async throws {
    let file = PacedFile()
    await #expect(throws: Refused.self) { try await file { throw Refused() } }
    #expect(try await file { 7 } == 7)
  }
}
