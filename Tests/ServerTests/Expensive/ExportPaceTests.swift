import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import Application
@testable import Server

/// How slowly an export may be taken.
@Suite struct ExportPaceTests {
  private let start = ContinuousClock.now

  @Test func aPieceMustBeTakenInItsTimeHoweverManyThereAre() throws {
    var pace = ExportPace(perPiece: .seconds(60), at: start)
    for piece in 0..<1_000 {
      let begin = start + .seconds(60 * piece)
      pace.beginPiece(at: begin)
      try pace.check(at: begin + .seconds(60))
    }
    #expect(throws: ExportTooSlow.self) { try pace.check(at: start + .seconds(60 * 999 + 61)) }
  }

  /// Takes a write in a while, or at once.
  private struct Reader: ResponseBodyWriter {
    let pause: Duration
    var taken = 0

    mutating func write(_ buffer: ByteBuffer) async throws {
      try await Task.sleep(for: pause)
      taken += buffer.readableBytes
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
  }

  private func taken(pause: Duration, perPiece: Duration) async throws -> Int {
    var pieces = ExportWriter(pace: ExportPace(perPiece: perPiece))
    var writer: any ResponseBodyWriter = Reader(pause: pause)
    try await pieces.send([UInt8](repeating: 0x20, count: 2 << 20), to: &writer)
    return (writer as? Reader)?.taken ?? 0
  }

  @Test func whoTakesItInTimeGetsAllAndWhoDoesNotIsEnded() async throws {
    #expect(try await taken(pause: .zero, perPiece: .seconds(60)) == 2 << 20)
    await #expect(throws: ExportTooSlow.self) { try await taken(pause: .milliseconds(20), perPiece: .milliseconds(10)) }
  }
}
