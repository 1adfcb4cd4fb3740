import RecountClient

/// Reads events from a log and counts its lines. What can't be read is reported and passed over.
struct EventReader {
  private var lines: LineReader
  private let format: any LogFormat
  private let onUnreadable: (Int, LineError) -> Void
  /// Lines so far, the unreadable ones among them.
  private(set) var lineCount = 0
  /// Lines so far that could not be read.
  private(set) var unreadableCount = 0
  var bytesRead: Int64 { lines.bytesRead }

  init(_ lines: LineReader, format: any LogFormat, onUnreadable: @escaping (Int, LineError) -> Void) {
    self.lines = lines
    self.format = format
    self.onUnreadable = onUnreadable
  }

  /// The next event and the number of its line, from 1. `nil` at the end.
  mutating func next() async throws -> (line: Int, event: TrackEvent)? {
    while let line = try await lines.nextLine() {
      lineCount += 1
      do throws(LineError) {
        return (lineCount, try parse(line))
      } catch {
        unreadableCount += 1
        onUnreadable(lineCount, error)
      }
    }
    return nil
  }

  private func parse(_ line: LineReader.Line) throws(LineError) -> TrackEvent {
    switch line {
    case .tooLong: throw LineError("longer than \(LineReader.longestLine) bytes")
    case .text(let text) where text.isEmpty: throw LineError("the line is empty")
    case .text(let text): return try format.parse(text)
    }
  }
}
