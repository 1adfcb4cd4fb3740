import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What a form sends (application/x-www-form-urlencoded).
struct Form: Sendable {
  private let fields: [String: String]

  /// Of a page that nothing was sent to.
  static let empty = Form(fields: [:])

  private init(fields: [String: String]) { self.fields = fields }

  /// Every form is small.
  private static let limit = 65_536

  /// Takes the body in. Throws the problem of what no form of ours sends.
  init(_ request: Request) async throws {
    let type = request.headers[.contentType].flatMap(MediaType.init(from:))
    guard type?.isType(.applicationUrlEncoded) == true else {
      throw Problem(.malformedBody, "this takes what a form sends: application/x-www-form-urlencoded")
    }
    let bytes = try await request.bodyBytes(upTo: Self.limit)
    guard let text = bytes.getString(at: bytes.readerIndex, length: bytes.readableBytes),
      let fields = try? URLEncodedFormDecoder().decode([String: String].self, from: text)
    else { throw Problem(.malformedBody, "the form can't be read: open the page again, and send it from there") }
    self.fields = fields
  }

  /// A field as it was sent, without what the log can't hold; empty where it is missing.
  subscript(name: String) -> String { fields[name].map { $0.filter { $0 != "\0" } } ?? "" }

  /// Without space at its ends; nil where nothing is left.
  func text(_ name: String) -> String? {
    let text = self[name].trimmingCharacters(in: .whitespacesAndNewlines)
    return text.isEmpty ? nil : text
  }

  /// Whether a box was ticked.
  func has(_ name: String) -> Bool { fields[name] != nil }

  /// An id that the form was given with.
  func id(_ name: String) -> UUID? { fields[name].flatMap(UUID.init(uuidString:)) }
}
