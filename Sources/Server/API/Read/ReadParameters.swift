import Domain
import Foundation
import Hummingbird
import HummingbirdCore

/// The query parameters of the read routes. Each one that won't do is named, with what was found and what is allowed.
struct ReadParameters {
  private let uri: URI

  init(_ request: Request) { uri = request.uri }

  /// Of a query as it stands in an address, after `?`.
  init(query: String) { uri = URI("/?\(query)") }

  var names: [String] { uri.queryParameters.map { String($0.key) } }

  /// Decoded already; nil when it is missing or empty.
  func text(_ name: String) throws -> String? {
    guard let given = uri.queryParameters[name[...]], !given.isEmpty else { return nil }
    let text = String(given)
    guard text.isStorable else {
      throw invalid(name, "U+0000", allowed: "text without U+0000, which PostgreSQL cannot store")
    }
    return text
  }

  func choice(_ name: String, of allowed: [String]) throws -> String? {
    guard let value = try text(name) else { return nil }
    guard allowed.contains(value) else { throw invalid(name, value, allowed: allowed.joined(separator: ", ")) }
    return value
  }

  /// One of an enumeration's words; nil where it is not said.
  func word<Word: RawRepresentable & CaseIterable>(_ name: String, _: Word.Type) throws -> Word?
  where Word.RawValue == String {
    try choice(name, of: Word.allCases.map(\.rawValue)).flatMap(Word.init(rawValue:))
  }

  func limit(default value: Int, maximum: Int) throws -> Int {
    guard let given = try text("limit") else { return value }
    guard let number = Int(given), (1...maximum).contains(number) else {
      throw invalid("limit", given, allowed: "1 to \(maximum)")
    }
    return number
  }

  func time(_ name: String) throws -> Instant? {
    guard let given = try text(name) else { return nil }
    guard let instant = Instant(ofEra: given) else {
      throw invalid(name, given, allowed: "\(Instant.allowedOfEra(insteadOf: given)) (write + as %2B)")
    }
    return instant
  }

  /// From inclusive, to exclusive; the calendar month (UTC) of `now` when neither is given.
  func range(now: Instant) throws -> Range<Instant> {
    let month = CalendarMonth(of: now)
    let from = try time("from") ?? month.start
    let to = try time("to") ?? max(month.next.start, from)
    guard from <= to else {
      throw invalid("from", from.description, allowed: "a time before `to`, \(to)")
    }
    return from..<to
  }

  func invalid(_ name: String, _ found: String, allowed: String) -> Problem {
    Problem(
      .invalidParameter, "\(name): found \(found.prefix(64)), allowed is \(allowed)",
      members: ["field": .string(name), "found": .string(String(found.prefix(64))), "allowed": .string(allowed)])
  }
}

extension CalendarMonth {
  /// Whole seconds from a time to the end of its month.
  static func secondsLeft(at now: Instant) -> Int {
    Int((CalendarMonth(of: now).next.start - now).wholeSeconds)
  }
}

extension Parameter where Value == CalendarMonth? {
  /// A month; the one that it is now when it is not said.
  static var month: Self {
    Parameter(
      "month", .pattern("^(19[7-9][0-9]|[2-9][0-9]{3})-(0[1-9]|1[0-2])$"),
      note: "A calendar month (UTC) such as 2026-11; this one by default."
    ) { parameters in
      guard let given = try parameters.text("month") else { return nil }
      guard let month = CalendarMonth(given) else {
        throw parameters.invalid("month", given, allowed: "a month such as 2026-11, from 1970-01 to 9999-12")
      }
      return month
    }
  }
}

extension String {
  /// Whether PostgreSQL's text can hold it.
  var isStorable: Bool { !utf8.contains(0) }
}
