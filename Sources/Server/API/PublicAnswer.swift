import Crypto
import Domain
import HTTPTypes
import Hummingbird
import NIOCore

/// An answer that is the same for everyone, and may be kept: with an ETag, and 304 for whoever has it already.
struct PublicAnswer: Sendable {
  private let body: ByteBuffer
  private let contentType: String
  private let seconds: Int
  private let tag: String

  /// - Parameter seconds: how long it may be shown without asking again.
  init(_ body: ByteBuffer, contentType: String, seconds: Int) {
    self.body = body
    self.contentType = contentType
    self.seconds = seconds
    let digest = SHA256.hash(data: Array(body.readableBytesView)).prefix(16)
    tag = "\"\(Hex.text(digest))\""
  }

  /// A JSON document.
  init(_ document: JSONValue, seconds: Int) {
    self.init(ByteBuffer(bytes: document.bytes), contentType: "application/json", seconds: seconds)
  }

  func response(to request: Request) -> Response {
    var headers: HTTPFields = [.eTag: tag, .cacheControl: "public, max-age=\(seconds)"]
    if request.headers[.ifNoneMatch].map(matches) ?? false { return Response(status: .notModified, headers: headers) }
    headers[.contentType] = contentType
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: body))
  }

  /// Weakly, as If-None-Match compares (RFC 9110, section 13.1.2).
  private func matches(_ header: String) -> Bool {
    header.split(separator: ",").contains { part in
      let candidate = part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
      return candidate.elementsEqual("*") || candidate.elementsEqual(tag) || candidate.elementsEqual("W/" + tag)
    }
  }
}
