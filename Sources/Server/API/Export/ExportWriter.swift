import Hummingbird
import NIOCore

/// Sends pieces of an export as fast as the client takes them, and no slower than it must.
struct ExportWriter {
  private var pace: ExportPace

  init(pace: ExportPace = ExportPace()) { self.pace = pace }

  /// In writes that a socket's buffer holds, so that each shows whether the client takes it.
  mutating func send(_ piece: [UInt8], to writer: inout any ResponseBodyWriter) async throws {
    pace.beginPiece()
    var bytes = ByteBuffer(bytes: piece)
    while let part = bytes.readSlice(length: min(64 << 10, bytes.readableBytes)), part.readableBytes > 0 {
      try await writer.write(part)
      try pace.check()
    }
  }
}
