import CZlib
import NIOCore

/// Compresses what pages and their assets are made of (RFC 1952).
enum Gzip {
  /// How hard it tries.
  enum Effort: Int32 {
    /// For what is made for one answer.
    case once = 5
    /// For what is compressed once and sent for ever.
    case best = 9
  }

  /// Nil where there is no memory for it.
  static func deflate(_ bytes: [UInt8], _ effort: Effort) -> [UInt8]? {
    var stream = z_stream()
    // 16 + MAX_WBITS: with a gzip header.
    let opened = deflateInit2_(
      &stream, effort.rawValue, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard opened == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    var (input, output) = (bytes, [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count)))))
    let count = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        (stream.next_in, stream.avail_in) = (input.baseAddress, UInt32(input.count))
        (stream.next_out, stream.avail_out) = (output.baseAddress, UInt32(output.count))
        return CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END ? Int(stream.total_out) : nil
      }
    }
    guard let count else { return nil }
    return Array(output.prefix(count))
  }
}
