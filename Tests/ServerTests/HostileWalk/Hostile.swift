import Domain
import Foundation

@testable import Application
@testable import Server

/// What nobody would send who means well.
enum Hostile {
  static let times = [
    "0000-01-01T00:00:00Z", "0000-01-01T00:00:00+23:59", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z",
    "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:60Z", "9999-12-31T23:59:59-23:59",
    "10000-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "-2026-01-01T00:00:00Z", "infinity",
  ]

  /// Both ends at the ends of time, near and far from one another.
  static let spans = ["1970-01-01T00:00:00Z", "2026-11-01T00:00:00Z", "9999-12-31T23:59:59.999Z"].flatMap { from in
    ["1970-01-01T00:00:00Z", "2026-11-02T00:00:00Z", "9999-12-31T23:59:59.999Z"].flatMap { to in
      ["minute", "hour", "day"].map { "from=\(from)&to=\(to)&interval=\($0)" }
    }
  }

  static let numbers =
    Fuzzer.numbers.map(String.init) + [
      "-1", "9223372036854775808", "1e400", "NaN", "0x10", "٣", "1 ", "+1",
    ]

  static let ids =
    numbers.prefix(4) + ["", "x", "\0", "%00", "..", "a/b", "{project_id}", "'", "0000-01", "9999-12", "0000-00"]
    + [
      "00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
      String(repeating: "9", count: 4_000),
    ]

  static let texts = [
    "", "\0", "%", "'; DROP TABLE x", "\u{202E}", "\u{10FFFF}", "{}", "[]", String(repeating: "é", count: 2_000),
  ]

  /// Cursors whose values are anything at all, of every number of values that any has.
  static let cursors: [String] = {
    let values = numbers + times.prefix(3) + ["00000000-0000-0000-0000-000000000000", "\0", ""]
    let id = "00000000-0000-0000-0000-000000000000"
    return values.map { Cursor($0).text }
      + values.flatMap { [Cursor($0, id).text, Cursor($0, "1").text, Cursor("1", $0).text] }
      + values.flatMap { [Cursor($0, "1", "1").text, Cursor("1", $0, "1").text, Cursor("1", "1", $0).text] }
      + ["W10", "bnVsbA", "WzFd", "e30", "%%%", "="] + deepJSON.map { Base64URL.text(Array($0.utf8)) }
      + [String(repeating: "W", count: 5_000)]
  }()

  static func values(of name: String) -> [String] {
    switch name {
    case "cursor": cursors
    case "from", "to": times + texts
    default: numbers + times + texts
    }
  }

  /// A parameter as it should be, where others are not.
  static func usual(_ name: String, in service: Service) -> String? {
    switch name {
    case "from": percentEncoded(service.clock.time(-3_600))
    case "to": percentEncoded(service.clock.time())
    default: nil
    }
  }

  /// Of headers that every route is sent.
  static let headers = [
    "9223372036854775808", "gzip", "deflate, gzip", ",,,,", "::ffff:1.2.3.4", String(repeating: "9", count: 3_000),
  ]

  /// Values of a body's members.
  static let json =
    Fuzzer.numbers.map(String.init) + times.map { "\"\($0)\"" }
    + [
      "1e400", "1.5", "-0", "null", "true", "[]", "[null]", "{}", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "[[[[[]]]]]",
      "\"\(String(repeating: "a", count: 5_000))\"", "\"ffffffff-ffff-ffff-ffff-ffffffffffff\"",
    ]

  /// The first that Foundation's decoder finds too deep, at the text's very end.
  static let deepJSON = Fuzzer.deepJSON.map { String(decoding: $0, as: UTF8.self) }

  /// Credentials that are read before it is known whose they are.
  static let tokens: [String] = {
    let header = Base64URL.text(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8))
    return deepJSON.map { Base64URL.text(Array($0.utf8)) }.flatMap { ["\($0).\($0).\($0)", "\(header).\($0).AAAA"] }
      + ["..", "sk_live_", "sk_live_\(String(repeating: "z", count: 40))", "."]
  }()

  static let bodies =
    deepJSON + [
      "", "null", "0", "\"\"", "[]", "{", "}", "{\"\":1}", "\u{FEFF}{}", "\0", String(repeating: "[", count: 2_000),
      String(repeating: "{\"a\":", count: 2_000), "[" + String(repeating: "{},", count: 2_000) + "{}]",
    ]

  /// A body with one member replaced.
  static func body(_ body: String, with name: String, _ value: String) -> String {
    let members = body.trimmingCharacters(in: CharacterSet(charactersIn: "{} ")).split(separator: ", ")
      .filter { !$0.hasPrefix("\"\(name)\"") }
    return "{" + (["\"\(name)\": \(value)"] + members.map(String.init)).joined(separator: ", ") + "}"
  }

  static func percentEncoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  }
}
