import Domain

/// Cuts a stream into lines (LF or CRLF, the last one with or without) in constant memory, whatever the stream's size. A byte order mark
/// at the stream's start is no part of the first line.
struct LineReader {
  /// A line, or that it was too long to be kept.
  enum Line {
    case text(ArraySlice<UInt8>)
    case tooLong
  }

  /// No server writes longer lines: an endpoint has at most 2,048 bytes. One without end must not fill the memory.
  static let longestLine = 1 << 20

  private let next: () async throws -> [UInt8]
  private var buffer: ArraySlice<UInt8> = []
  private var isAtEnd = false
  /// Whether the stream's first bytes have been looked at.
  private var isUnderWay = false
  /// Bytes taken from the stream and handed out in lines so far.
  private(set) var bytesRead: Int64 = 0

  /// - Parameter next: gives the next piece, an empty one at the end
  init(next: @escaping () async throws -> [UInt8]) { self.next = next }

  /// The next line without its line break, `nil` at the end.
  mutating func nextLine() async throws -> Line? {
    var isTooLong = false
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        return take(buffer[..<end], next: end + 1, isTooLong)
      }
      if isAtEnd {
        return buffer.isEmpty && !isTooLong ? nil : take(buffer, next: buffer.endIndex, isTooLong)
      }
      if buffer.count > Self.longestLine {
        isTooLong = true
        bytesRead += Int64(buffer.count)
        buffer = []
      }
      try await refill()
    }
  }

  private mutating func take(_ line: ArraySlice<UInt8>, next: Int, _ isTooLong: Bool) -> Line {
    isUnderWay = true
    bytesRead += Int64(next - buffer.startIndex)
    buffer = buffer[next...]
    guard !isTooLong, line.count <= Self.longestLine else { return .tooLong }
    return .text(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
  }

  private mutating func refill() async throws {
    let piece = try await next()
    isAtEnd = piece.isEmpty
    // A new array, never an append in place: lines that were handed out share the old one.
    if !piece.isEmpty { buffer = buffer.isEmpty ? piece[...] : (buffer + piece)[...] }
    if !isUnderWay, isAtEnd || buffer.count >= ByteOrderMark.bytes.count { skipByteOrderMark() }
  }

  private mutating func skipByteOrderMark() {
    isUnderWay = true
    let length = ByteOrderMark.length(in: buffer)
    bytesRead += Int64(length)
    buffer = buffer.dropFirst(length)
  }
}
