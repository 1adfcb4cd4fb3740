import CZlib
import HTTPTypes
import NIOCore

/// Decompresses a gzip body (RFC 1952) up to a limit: a bomb costs no more than a body of the limit's size.
///
/// A body is one member or several, one after the other, which count together; zeros after the last are padding, as `gzip` takes them.
enum Gunzip {
  static func inflate(_ compressed: ByteBuffer, limit: Int) throws(Problem) -> ByteBuffer {
    var stream = z_stream()
    // 16 + MAX_WBITS: a gzip header is wanted, nothing else taken.
    guard inflateInit2_(&stream, 16 + MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw Problem(.overloaded, "no memory to decompress the body: try again shortly", headers: [.retryAfter: "1"])
    }
    defer { inflateEnd(&stream) }
    var input = Array(compressed.readableBytesView)
    return try input.withUnsafeMutableBufferPointer { (input) throws(Problem) in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      return try drain(&stream, limit: limit)
    }
  }

  /// Whether a body begins as a gzip member does, and as no JSON can.
  static func isMember(_ body: ByteBuffer) -> Bool { body.readableBytesView.starts(with: [0x1F, 0x8B]) }

  private static func drain(_ stream: inout z_stream, limit: Int) throws(Problem) -> ByteBuffer {
    var output = ByteBuffer()
    while true {
      let status = step(&stream, into: &output)
      guard output.readableBytes <= limit else { throw .bodyTooLarge(limit: limit) }
      if status == Z_STREAM_END {
        guard !isAtPadding(stream) else { return output }
        guard inflateReset(&stream) == Z_OK else { throw incomplete }
        continue
      }
      // Z_OK with input left means that the output was full; anything else that the data is broken or cut off.
      guard status == Z_OK, stream.avail_in > 0 || stream.avail_out == 0 else { throw incomplete }
    }
  }

  private static func step(_ stream: inout z_stream, into output: inout ByteBuffer) -> Int32 {
    var status = Z_OK
    output.writeWithUnsafeMutableBytes(minimumWritableBytes: 64 << 10) { free in
      stream.next_out = free.bindMemory(to: UInt8.self).baseAddress
      stream.avail_out = UInt32(min(free.count, Int(UInt32.max)))
      let before = stream.avail_out
      status = CZlib.inflate(&stream, Z_NO_FLUSH)
      return Int(before - stream.avail_out)
    }
    return status
  }

  /// Whether nothing follows the member that has just ended, but zeros.
  private static func isAtPadding(_ stream: z_stream) -> Bool {
    UnsafeBufferPointer(start: stream.next_in, count: Int(stream.avail_in)).allSatisfy { $0 == 0 }
  }

  private static var incomplete: Problem {
    Problem(
      .malformedBody,
      "the body is not made of complete gzip members (RFC 1952), which Content-Encoding says it is")
  }
}
