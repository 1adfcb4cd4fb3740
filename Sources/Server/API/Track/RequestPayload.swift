import Domain
import HTTPTypes
import Hummingbird
import NIOCore

/// A track call's body: taken in whole, bounded before and after decompression.
struct RequestPayload {
  private let request: Request
  let limit = TrackLimits.standard.bodyBytes

  init(_ request: Request) { self.request = request }

  /// Nil for a body in chunks, whose length shows when it has come.
  var announcedBytes: Int? { request.headers[.contentLength].flatMap { Int($0) } }

  /// As it came, perhaps compressed.
  func sent() async throws -> ByteBuffer {
    if let announcedBytes, announcedBytes > limit { throw Problem.bodyTooLarge(limit: limit) }
    return try await request.body.collect(upTo: limit)
  }

  /// Bytes of work that it is: a compressed body may hold as much as any.
  func weight(of sent: ByteBuffer) -> Int {
    request.headers[.contentEncoding] == nil
      ? sent.readableBytes : min(limit, sent.readableBytes * 20 + LargeCalls.largeBytes)
  }

  func decompressed(_ sent: ByteBuffer) throws -> ByteBuffer {
    switch request.headers[.contentEncoding]?.lowercased() {
    case nil, "", "identity": return sent
    case "gzip", "x-gzip": return try Gunzip.inflate(sent, limit: limit)
    case let other?:
      throw Problem(.unsupportedEncoding, "Content-Encoding is \(other.prefix(40)): send gzip or nothing")
    }
  }
}

extension ByteBuffer {
  func withUnsafeBytes<T, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> T) throws(E) -> T {
    // ByteBuffer's own accessor is not typed in its errors.
    var result: Result<T, E>?
    withUnsafeReadableBytes { bytes in
      do throws(E) { result = .success(try body(bytes)) } catch { result = .failure(error) }
    }
    guard let result else { preconditionFailure("withUnsafeReadableBytes did not call its body") }
    return try result.get()
  }
}
