import Testing

@testable import Importer

@Suite struct LineReaderTests {
  private func lines(_ pieces: [String]) async throws -> [String?] {
    var rest = pieces.map { Array($0.utf8) }[...]
    var reader = LineReader { rest.popFirst() ?? [] }
    var lines: [String?] = []
    while let line = try await reader.nextLine() {
      if case .text(let text) = line { lines.append(String(decoding: text, as: UTF8.self)) } else { lines.append(nil) }
    }
    #expect(reader.bytesRead == pieces.reduce(0) { $0 + $1.utf8.count })
    return lines
  }

  @Test func linesEndWithOrWithoutCarriageReturnWhereverPiecesEnd() async throws {
    #expect(try await lines(["a\r", "\nb", "c\n\nd"]) == ["a", "bc", "", "d"])
    #expect(try await lines(["a\n"]) == ["a"])
    #expect(try await lines([]) == [])
  }

  @Test func aLineWithoutEndIsPassedOver() async throws {
    let piece = String(repeating: "x", count: 600_000)
    #expect(try await lines(["a\n", piece, piece, piece, "\nb"]) == ["a", nil, "b"])
    #expect(try await lines([piece, piece]) == [nil])
  }
}
