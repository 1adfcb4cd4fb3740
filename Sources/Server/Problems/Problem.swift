package import Domain
import Foundation
package import HTTPTypes
import Hummingbird
import NIOCore

/// An error as HTTP shows it: a problem document (RFC 9457) with a stable `type`.
package struct Problem: Error, Sendable {
  /// What kind of problem: the last part of its `type` URI.
  package var kind: Kind
  /// This occurrence in words: what was found, what is allowed, what to do.
  package var detail: String
  /// Further members of the document.
  package var members: [String: JSONValue]
  /// Further headers of the response.
  package var headers: HTTPFields

  /// A problem.
  package init(_ kind: Kind, _ detail: String, members: [String: JSONValue] = [:], headers: HTTPFields = [:]) {
    self.kind = kind
    self.detail = detail
    self.members = members
    self.headers = headers
  }

  /// The base of every `type` (RFC 8141). Stable: clients switch on it. A name of its own, for it stands in no domain that anybody else owns.
  static let base = "urn:recount:problem:"

  /// The document that shows this problem.
  func document(requestID: String) -> ByteBuffer {
    var document = members
    document["type"] = .string(kind.type)
    document["title"] = .string(kind.title)
    document["status"] = .integer(kind.status.code)
    document["detail"] = .string(detail)
    document["request_id"] = .string(requestID)
    return ByteBuffer(bytes: JSONValue.object(document).bytes)
  }

  /// The response that shows this problem.
  func response(requestID: String) -> Response {
    var headers = headers
    headers[.contentType] = "application/problem+json"
    headers[.link] = kind.link
    headers[.cacheControl] = "no-store"
    if kind.status == .unauthorized { headers[.wwwAuthenticate] = "Bearer realm=\"recount\"" }
    return Response(
      status: kind.status, headers: headers,
      body: .init(byteBuffer: document(requestID: requestID)))
  }
}
