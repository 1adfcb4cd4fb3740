import Domain
import HTTPTypes
import Hummingbird
import NIOCore

/// An answer that is the same for everyone, and may be kept: with an ETag, and 304 for whoever has it already.
struct PublicAnswer: Sendable {
  private let body: ByteBuffer
  private let contentType: String
  private let seconds: Int
  private let tag: EntityTag

  /// - Parameter seconds: how long it may be shown without asking again.
  init(_ body: ByteBuffer, contentType: String, seconds: Int) {
    self.body = body
    self.contentType = contentType
    self.seconds = seconds
    tag = EntityTag(of: Array(body.readableBytesView), isWeak: false)
  }

  /// A JSON document.
  init(_ document: JSONValue, seconds: Int) {
    self.init(ByteBuffer(bytes: document.bytes), contentType: "application/json", seconds: seconds)
  }

  func response(to request: Request) -> Response {
    var headers: HTTPFields = [.eTag: tag.text, .cacheControl: "public, max-age=\(seconds)"]
    if tag.isKnown(to: request) { return Response(status: .notModified, headers: headers) }
    headers[.contentType] = contentType
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: body))
  }
}
