import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

/// What the server answered.
struct Answer: Sendable {
  let status: Int
  let headers: HTTPFields
  let json: JSON
  let text: String

  init(_ response: TestResponse) throws {
    status = response.status.code
    headers = response.headers
    text = String(buffer: response.body)
    // What says that it is something else is read as text.
    let isJSON = headers[.contentType].map { $0.hasPrefix("application/json") || $0.hasSuffix("+json") } ?? true
    // What only leads on, or says that nothing has changed, has no body.
    json =
      isJSON && !(300..<400).contains(status)
      ? try JSONDecoder().decode(JSON.self, from: Data(response.body.readableBytesView)) : .null
  }

  subscript(name: String) -> JSON { json[name] }

  func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

  /// The last part of a problem's type.
  var problem: String? { json["type"].string?.split(separator: ":").last.map(String.init) }

  /// What became of a track call's events.
  var counts: Counts {
    Counts(
      accepted: json["accepted"].integer, duplicates: json["duplicates"].integer, refused: json["refused"].integer,
      invalid: json["invalid"].integer)
  }

  /// What a problem document must be, whatever the problem (RFC 9457), and whatever it is called here.
  func expectProblem(
    _ kind: String, status: Int, _ comment: Comment? = nil, _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(self.status == status, comment, sourceLocation: location)
    #expect(json["type"] == .string("urn:recount:problem:\(kind)"), comment, sourceLocation: location)
    #expect(json["status"].integer == status, comment, sourceLocation: location)
    #expect(json["title"].string?.isEmpty == false, comment, sourceLocation: location)
    #expect(json["detail"].string?.isEmpty == false, comment, sourceLocation: location)
    #expect(headers[.contentType] == "application/problem+json", comment, sourceLocation: location)
    #expect(json["request_id"].string == header("X-Request-Id"), comment, sourceLocation: location)
    #expect(header("X-Request-Id") != nil, comment, sourceLocation: location)
    #expect(header("Link") == "</problems/\(kind)>; rel=\"help\"", comment, sourceLocation: location)
  }
}

/// What became of some events.
struct Counts: Sendable, Equatable {
  var accepted = 0
  var duplicates = 0
  var refused = 0
  var invalid = 0

  var received: Int { accepted + duplicates + refused + invalid }

  static func + (left: Counts, right: Counts) -> Counts {
    Counts(
      accepted: left.accepted + right.accepted, duplicates: left.duplicates + right.duplicates,
      refused: left.refused + right.refused, invalid: left.invalid + right.invalid)
  }
}
