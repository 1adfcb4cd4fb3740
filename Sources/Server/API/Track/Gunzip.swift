import CZlib
import HTTPTypes
import NIOCore

/// Decompresses a gzip body (RFC 1952) up to a limit: a bomb costs no more than a body of the limit's size.
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

  private static func drain(_ stream: inout z_stream, limit: Int) throws(Problem) -> ByteBuffer {
    var output = ByteBuffer()
    while true {
      var status = Z_OK
      output.writeWithUnsafeMutableBytes(minimumWritableBytes: 64 << 10) { free in
        stream.next_out = free.bindMemory(to: UInt8.self).baseAddress
        stream.avail_out = UInt32(min(free.count, Int(UInt32.max)))
        let before = stream.avail_out
        status = CZlib.inflate(&stream, Z_NO_FLUSH)
        return Int(before - stream.avail_out)
      }
      guard output.readableBytes <= limit else { throw .bodyTooLarge(limit: limit) }
      if status == Z_STREAM_END, stream.avail_in == 0 { return output }
      // Z_OK with input left means that the output was full; anything else that the data is broken or cut off.
      guard status == Z_OK, stream.avail_in > 0 || stream.avail_out == 0 else {
        throw Problem(
          .malformedBody, "the body is not one complete gzip member (RFC 1952), which Content-Encoding says it is")
      }
    }
  }
}
