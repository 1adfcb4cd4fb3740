import Domain
import Foundation
import Hummingbird
import HummingbirdCore

/// The query parameters of the read routes. Each one that won't do is named, with what was found and what is allowed.
struct ReadParameters {
  private let uri: URI

  init(_ request: Request) { uri = request.uri }

  /// Decoded already; nil when it is missing or empty.
  func text(_ name: String) throws -> String? {
    guard let given = uri.queryParameters[name[...]], !given.isEmpty else { return nil }
    let text = String(given)
    guard text.isStorable else {
      throw invalid(name, "U+0000", allowed: "text without U+0000, which PostgreSQL cannot store")
    }
    return text
  }

  /// Nil when it is not said.
  var mode: KeyMode? {
    get throws { try choice("mode", of: KeyMode.allCases.map(\.rawValue)).flatMap(KeyMode.init(rawValue:)) }
  }

  func choice(_ name: String, of allowed: [String]) throws -> String? {
    guard let value = try text(name) else { return nil }
    guard allowed.contains(value) else { throw invalid(name, value, allowed: allowed.joined(separator: ", ")) }
    return value
  }

  func limit(default value: Int, maximum: Int) throws -> Int {
    guard let given = try text("limit") else { return value }
    guard let number = Int(given), (1...maximum).contains(number) else {
      throw invalid("limit", given, allowed: "1 to \(maximum)")
    }
    return number
  }

  func date(_ name: String) throws -> Date? {
    guard let given = try text(name) else { return nil }
    guard let date = Timestamp.date(given) else {
      throw invalid(name, given, allowed: "\(Timestamp.allowed(insteadOf: given)) (write + as %2B)")
    }
    return date
  }

  /// From inclusive, to exclusive; the calendar month (UTC) of `now` when neither is given.
  func range(now: Int64) throws -> Range<Date> {
    let month = CalendarMonth(milliseconds: now)
    let from = try date("from") ?? month.start
    let to = try date("to") ?? max(month.end, from)
    guard from <= to else {
      throw invalid("from", Timestamp.text(from), allowed: "a time before `to`, \(Timestamp.text(to))")
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
  /// Its first moment.
  var start: Date { Date(timeIntervalSince1970: Double(firstMillisecond) / 1000) }

  /// The first moment after it.
  var end: Date { next.start }

  /// Whole seconds from a time, in milliseconds since 1970, to the end of its month.
  static func secondsLeft(at now: Int64) -> Int {
    Int((CalendarMonth(milliseconds: now).next.firstMillisecond - now) / 1000)
  }
}

extension ReadParameters {
  /// The calendar month asked for, this one by default.
  func month(now: Int64) throws -> CalendarMonth {
    guard let given = try text("month") else { return CalendarMonth(milliseconds: now) }
    guard let month = CalendarMonth(given) else {
      throw invalid("month", given, allowed: "a month such as 2026-11, from 1970-01 to 9999-12")
    }
    return month
  }

  /// The last endpoint of the page before.
  func rank() throws -> Rank? {
    try cursor(Int64.self, String.self, String.self).map { Rank(calls: $0, method: $1, name: $2) }
  }

  /// The last request of the page before.
  func position() throws -> (time: Date, position: Int64)? { try cursor(Date.self, Int64.self) }
}

/// A place in the ranking of endpoints, by calls.
struct Rank {
  let calls: Int64
  let method: String
  let name: String
}

extension String {
  /// Whether PostgreSQL's text can hold it.
  var isStorable: Bool { !utf8.contains(0) }
}
