import CLZ4

/// The LZ4 frame format (github.com/lz4/lz4, doc/lz4_Frame_format.md), which the `lz4` command reads; frames may follow one another
/// in a file.
enum LZ4Frame {
  /// One frame that holds these bytes, with a checksum of them.
  static func compress(_ bytes: [UInt8]) throws -> [UInt8] {
    var preferences = LZ4F_preferences_t()
    preferences.frameInfo.blockSizeID = LZ4F_max4MB
    preferences.frameInfo.blockMode = LZ4F_blockIndependent
    preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled
    preferences.frameInfo.contentSize = UInt64(bytes.count)
    preferences.compressionLevel = level
    let room = LZ4F_compressFrameBound(bytes.count, &preferences)
    var failure: Failure?
    let frame = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      let written = bytes.withUnsafeBytes {
        LZ4F_compressFrame(buffer.baseAddress, room, $0.baseAddress, $0.count, &preferences)
      }
      failure = Failure(written)
      count = failure == nil ? written : 0
    }
    if let failure { throw failure }
    return frame
  }

  /// What one whole frame holds. Throws ``Failure`` for anything else, a wrong checksum included.
  static func decompress(_ frame: [UInt8]) throws -> [UInt8] {
    var context: OpaquePointer?
    if let failure = Failure(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) { throw failure }
    defer { LZ4F_freeDecompressionContext(context) }
    var bytes: [UInt8] = []
    var offset = 0
    var hint = 1
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while hint != 0 {
      var read = frame.count - offset
      var written = piece.count
      hint = frame.withUnsafeBytes { source in
        piece.withUnsafeMutableBytes { target in
          LZ4F_decompress(
            context, target.baseAddress, &written, source.baseAddress.map { $0 + offset }, &read, nil)
        }
      }
      if let failure = Failure(hint) { throw failure }
      guard hint == 0 || read > 0 || written > 0 else { throw Failure(message: "the frame is cut off") }
      offset += read
      bytes += piece[..<written]
    }
    guard offset == frame.count else { throw Failure(message: "the frame ends before its place in the file does") }
    return bytes
  }

  /// High compression: a month is written once. An event of the real log takes 20.6 bytes at level 1, 14.8 at 3, 14.6 at 9 (125 MB of text a
  /// second) and 14.5 at 12 (28 MB).
  private static let level: Int32 = 9

  /// What liblz4 says.
  struct Failure: Error, Equatable {
    let message: String

    init(message: String) { self.message = message }

    fileprivate init?(_ code: Int) {
      guard LZ4F_isError(code) != 0 else { return nil }
      message = LZ4F_getErrorName(code).map { String(cString: $0) } ?? "LZ4 error \(code)"
    }
  }
}
