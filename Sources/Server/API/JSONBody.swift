import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// A request's body as a JSON object. Each member that won't do is named, with what was found and what is allowed.
struct JSONBody {
  private let members: [String: JSONValue]

  /// Every body but that of tracked events is small.
  static let limit = 65_536

  /// Takes the body in. A member that isn't among the allowed ones is refused: it is a misspelt one.
  init(_ request: Request, allowed: [String]) async throws {
    let bytes = try await request.bodyBytes(upTo: Self.limit)
    guard !Gunzip.isMember(bytes) else {
      throw Problem(.malformedBody, "the body is compressed: send it as it is, only tracked events may come as gzip")
    }
    try self.init(Data(bytes.readableBytesView), allowed: allowed)
  }

  init(_ body: Data, allowed: [String]) throws {
    let data = body.dropFirst(ByteOrderMark.length(in: body))
    // No body stands for no members.
    guard !data.isEmpty else {
      members = [:]
      return
    }
    let document: JSONValue
    do { document = try JSONValue(parsing: data) } catch {
      throw Problem(
        .malformedBody, "the body is no JSON in UTF-8: send an object such as {\"\(allowed.first ?? "")\": …}")
    }
    guard case .object(let members) = document else {
      throw Problem(.malformedBody, "the body is \(document.kind): send a JSON object")
    }
    self.members = members
    if let unknown = members.keys.sorted().first(where: { !allowed.contains($0) }) {
      throw Problem.unknown(unknown, among: allowed, what: "member")
    }
  }

  /// Whether the member is there and not null.
  func has(_ name: String) -> Bool { members[name, default: .null] != .null }

  /// Whether the member is there, be it null.
  func mentions(_ name: String) -> Bool { members[name] != nil }

  /// A text that must be there.
  func text(_ name: String) throws -> String {
    guard let text = try optionalText(name) else { throw Self.invalid(name, "nothing", allowed: "a string") }
    return text
  }

  /// A text; nil when it is missing or null.
  func optionalText(_ name: String) throws -> String? {
    switch members[name, default: .null] {
    case .null: return nil
    case .string(let text) where text.isStorable: return text
    case .string: throw Self.invalid(name, "U+0000", allowed: "text without U+0000, which PostgreSQL cannot store")
    case let other: throw Self.invalid(name, other.kind, allowed: "a string")
    }
  }

  /// A whole number within bounds; nil when it is missing or null.
  func optionalInteger(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    switch members[name, default: .null] {
    case .null: return nil
    case .integer(let number) where range.contains(number): return number
    case .integer(let number): throw Self.invalid(name, "\(number)", allowed: allowed)
    case let other: throw Self.invalid(name, other.kind, allowed: allowed)
    }
  }

  /// One of a few words; nil when it is missing or null.
  func optionalChoice<T: RawRepresentable & CaseIterable>(_ name: String, of _: T.Type = T.self) throws -> T?
  where T.RawValue == String {
    guard let text = try optionalText(name) else { return nil }
    return try Self.choice(text, name)
  }

  /// Some of a few words, at least one unless there may be none; nil when it is missing or null.
  func optionalChoices<T: RawRepresentable & CaseIterable>(
    _ name: String, of _: T.Type = T.self, orNone mayBeEmpty: Bool = false
  ) throws -> [T]? where T.RawValue == String {
    guard has(name) else { return nil }
    let allowed =
      "an array of \(mayBeEmpty ? "any" : "at least one") of \(T.allCases.map(\.rawValue).joined(separator: ", "))"
    guard case .array(let elements) = members[name] else {
      throw Self.invalid(name, members[name, default: .null].kind, allowed: allowed)
    }
    guard mayBeEmpty || !elements.isEmpty else { throw Self.invalid(name, "an empty array", allowed: allowed) }
    return try elements.map { element in
      guard case .string(let text) = element else {
        throw Self.invalid(name, "an array with \(element.kind)", allowed: allowed)
      }
      return try Self.choice(text, name)
    }
  }

  /// A time as RFC 3339 has it; nil when it is missing or null.
  func optionalTime(_ name: String) throws -> Instant? {
    guard let text = try optionalText(name) else { return nil }
    guard let instant = Instant(ofEra: text) else {
      throw Self.invalid(name, text, allowed: Instant.allowedOfEra(insteadOf: text))
    }
    return instant
  }

  private static func choice<T: RawRepresentable & CaseIterable>(_ text: String, _ name: String) throws -> T
  where T.RawValue == String {
    guard let choice = T(rawValue: text) else {
      throw invalid(name, text, allowed: T.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return choice
  }

  /// The problem of a member that won't do.
  static func invalid(_ name: String, _ found: String, allowed: String) -> Problem {
    let (name, found) = (String(name.prefix(64)), String(found.prefix(64)))
    return Problem(
      .invalidParameter, "\(name): found \(found), allowed is \(allowed)",
      members: ["field": .string(name), "found": .string(found), "allowed": .string(allowed)])
  }
}

extension JSONValue {
  /// What it is, in words.
  fileprivate var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .integer, .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    // Of answers alone: none is read.
    case .written: "a document"
    }
  }
}
