import Domain
import HTTPTypes
import Hummingbird
import NIOCore

/// A track call's body: taken in whole, bounded before and after decompression, and in memory beside those of others.
struct RequestPayload {
  private let request: Request
  let limit = TrackLimits.standard.bodyBytes

  init(_ request: Request) { self.request = request }

  /// Nil for a body in chunks, whose length shows when it has come.
  var announcedBytes: Int? { request.headers[.contentLength].flatMap { Int($0) } }

  /// As it came, perhaps compressed.
  func sent() async throws -> ByteBuffer {
    try await request.bodyBytes(upTo: limit)
  }

  /// Bytes of work that it seems to be: JSON is compressed to a twentieth at best, and what is compressed is never small.
  func weight(of sent: ByteBuffer) -> Int {
    isCompressed ? min(limit, sent.readableBytes * 20 + LargeCalls.largeBytes) : sent.readableBytes
  }

  private var isCompressed: Bool { request.headers[.contentEncoding] != nil }

  /// Notes how many bytes of work it was.
  func decompressed(_ sent: ByteBuffer, work: inout Int) throws -> ByteBuffer {
    // What breaks off, or never ends, may have been as much as any.
    if isCompressed { work = limit }
    let whole = try decompressed(sent)
    work = whole.readableBytes
    return whole
  }

  private func decompressed(_ sent: ByteBuffer) throws -> ByteBuffer {
    switch request.headers[.contentEncoding]?.lowercased() {
    case nil, "", "identity":
      guard !Gunzip.isMember(sent) else { throw Self.unlabelled }
      return sent
    case "gzip", "x-gzip": return try inflated(sent)
    case let other?:
      throw Problem(.unsupportedEncoding, "Content-Encoding is \(other.prefix(40)): send gzip or nothing")
    }
  }

  private static var unlabelled: Problem {
    Problem(.malformedBody, "the body begins as gzip does, but nothing says so: send it with `Content-Encoding: gzip`")
  }

  private func inflated(_ sent: ByteBuffer) throws -> ByteBuffer {
    let inflated = try Gunzip.inflate(sent, limit: limit)
    let hasKey = request.headers[.authorization] != nil
    let hasRoom = ClientConnection.current?.bodies.takeExtra(inflated.readableBytes, hasKey: hasKey) ?? true
    guard hasRoom else { throw Problem.tooManyBodies }
    return inflated
  }
}

extension Request {
  /// The whole body. Throws the problem to be shown when it has more bytes than these, before it is read where its length says so.
  func bodyBytes(upTo limit: Int) async throws -> ByteBuffer {
    // What is no number here is one of 64 bits, which the parser lets pass.
    let announced = headers[.contentLength].map { Int($0) ?? .max } ?? 0
    guard announced <= limit else { throw Problem.bodyTooLarge(limit: limit) }
    ClientConnection.current?.wantBody()
    // As large as it will be: one that grows by doubling takes up to twice as much, and is copied.
    var whole = ByteBuffer()
    whole.reserveCapacity(announced)
    for try await part in body {
      guard whole.readableBytes + part.readableBytes <= limit else { throw Problem.bodyTooLarge(limit: limit) }
      whole.writeImmutableBuffer(part)
    }
    return whole
  }
}

extension Problem {
  /// There is no memory left for what clients are sending.
  static var tooManyBodies: Problem {
    Problem(
      .overloaded, "too many bodies are being read; nothing of this request was kept: send it again shortly",
      headers: [.retryAfter: "1"])
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
