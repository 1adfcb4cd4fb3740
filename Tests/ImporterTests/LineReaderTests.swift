import Testing

@testable import Importer

@Suite struct LineReaderTests {
  private func lines(_ pieces: [String]) async throws -> [String?] {
    try await lines(ofBytes: pieces.map { Array($0.utf8) })
  }

  private func lines(ofBytes pieces: [[UInt8]]) async throws -> [String?] {
    var rest = pieces[...]
    var reader = LineReader { rest.popFirst() ?? [] }
    var lines: [String?] = []
    while let line = try await reader.nextLine() {
      if case .text(let text) = line { lines.append(String(decoding: text, as: UTF8.self)) } else { lines.append(nil) }
    }
    #expect(reader.bytesRead == pieces.reduce(0) { $0 + $1.count })
    return lines
  }

  @Test func linesEndWithOrWithoutCarriageReturnWhereverPiecesEnd() async throws {
    #expect(try await lines(["a\r", "\nb", "c\n\nd"]) == ["a", "bc", "", "d"])
    #expect(try await lines(["a\n"]) == ["a"])
    #expect(try await lines([]) == [])
  }

  @Test func aByteOrderMarkIsNoPartOfTheFirstLineWhereverPiecesEnd() async throws {
    let mark = Array("\u{FEFF}".utf8)
    for text in ["a\nb", "", "\na", "a\n\u{FEFF}b"] {
      let plain = try await lines(ofBytes: [Array(text.utf8)])
      #expect(try await lines(ofBytes: [mark + Array(text.utf8)]) == plain)
      #expect(try await lines(ofBytes: mark.map { [$0] } + text.utf8.map { [$0] }) == plain)
    }
    #expect(try await lines(ofBytes: [mark + mark + [0x61]]) == ["\u{FEFF}a"])
    #expect(try await lines(["a\n", "\u{FEFF}b\n"]) == ["a", "\u{FEFF}b"])
    #expect(try await lines(["\n", "\u{FEFF}b\n"]) == ["", "\u{FEFF}b"])
  }

  @Test func aLineWithoutEndIsPassedOver() async throws {
    let piece = String(repeating: "x", count: 600_000)
    #expect(try await lines(["a\n", piece, piece, piece, "\nb"]) == ["a", nil, "b"])
    #expect(try await lines([piece, piece]) == [nil])
  }
}
