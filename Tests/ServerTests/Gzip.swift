import CZlib
import NIOCore

/// Compressed bodies (RFC 1952), whole ones and others.
enum Gzip {
  static func compress(_ text: String) -> ByteBuffer {
    ByteBuffer(bytes: deflate(Array(text.utf8), windowBits: 16 + MAX_WBITS, flush: Z_FINISH))
  }

  /// A few megabytes that inflate to 4 GB of zeros, made of one deflated megabyte repeated.
  static func bomb() -> ByteBuffer {
    // A full flush ends at a byte and refers to nothing before it, so that its output can be repeated.
    let block = deflate([UInt8](repeating: 0, count: 1 << 20), windowBits: -MAX_WBITS, flush: Z_FULL_FLUSH)
    var bomb = ByteBuffer(bytes: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] as [UInt8])
    for _ in 0..<4_000 { bomb.writeBytes(block) }
    return bomb
  }

  private static func deflate(_ bytes: [UInt8], windowBits: Int32, flush: Int32) -> [UInt8] {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard deflateInit2_(&stream, 9, Z_DEFLATED, windowBits, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK else {
      return []
    }
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: bytes.count + 1_024)
    return input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        _ = CZlib.deflate(&stream, flush)
        return Array(output.prefix(output.count - Int(stream.avail_out)))
      }
    }
  }
}
