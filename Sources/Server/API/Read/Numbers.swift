import Domain
import Foundation
import Postgres

/// Rows of the read models as the API's JSON. Decimals stay the text that the database computed, digit for digit.
enum Numbers {
  static func traffic(_ row: Row) throws -> [String: JSONValue] {
    let calls: Int64 = try row.decode("total_calls")
    let errors4xx: Int64 = try row.decode("errors_4xx")
    let errors5xx: Int64 = try row.decode("errors_5xx")
    return [
      "total_calls": .integer(Int(calls)), "errors_4xx": .integer(Int(errors4xx)),
      "errors_5xx": .integer(Int(errors5xx)),
      "error_rate_4xx": rate(Double(errors4xx), of: calls), "error_rate_5xx": rate(Double(errors5xx), of: calls),
      "average_response_time_ms": try decimal(row, "average_response_time_ms"),
      "p50_response_time_ms": try decimal(row, "p50"),
      "p95_response_time_ms": try decimal(row, "p95"),
      "p99_response_time_ms": try decimal(row, "p99"),
      "max_response_time_ms": try decimal(row, "response_time_ms_max"),
    ]
  }

  static func endpoint(_ row: Row) throws -> [String: JSONValue] {
    try traffic(row).merging([
      "method": .string(try row.decode("method")), "endpoint": .string(try row.decode("template")),
    ]) { $1 }
  }

  static func path(_ row: Row) throws -> [String: JSONValue] {
    [
      "method": .string(try row.decode("method")), "endpoint": .string(try row.decode("path")),
      "total_calls": .integer(Int(try row.decode("total_calls", as: Int64.self))),
    ]
  }

  static func intake(_ row: Row, by interval: String) throws -> [String: JSONValue] {
    var members: [String: JSONValue] = [interval: .string(Timestamp.text(try row.decode(interval)))]
    for name in ["received", "accepted", "duplicates", "refused", "invalid"] {
      members[name] = .integer(Int(try row.decode(name, as: Int64.self)))
    }
    return members
  }

  static func request(_ row: Row) throws -> [String: JSONValue] {
    [
      "position": .integer(Int(try row.decode("position", as: Int64.self))),
      "timestamp": .string(Timestamp.text(try row.decode("at"))),
      "recorded_at": .string(Timestamp.text(try row.decode("recorded_at"))),
      "endpoint": .string(try row.decode("endpoint")), "template": .string(try row.decode("template")),
      "method": .string(try row.decode("method")),
      "status_code": .integer(Int(try row.decode("status_code", as: Int32.self))),
      "response_time_ms": try decimal(row, "response_time_ms"),
      "id": try row.decode("id", as: UUID?.self).map { .string($0.uuidString.lowercased()) } ?? .null,
      "ordinal": .integer(Int(try row.decode("ordinal", as: Int32.self))),
    ]
  }

  static func cursor(_ row: Row) throws -> Cursor {
    Cursor(try row.decode("at", as: Date.self), try row.decode("position", as: Int64.self))
  }

  static func rank(_ row: Row, by name: String) throws -> Cursor {
    Cursor(
      try row.decode("total_calls", as: Int64.self), try row.decode("method", as: String.self),
      try row.decode(name, as: String.self))
  }

  static func usage(_ row: Row) throws -> [String: JSONValue] {
    let used = try row.decode("used", as: Int64.self)
    let limit = try row.decode("quota", as: Int64.self)
    let refused = try row.decode("refused", as: Int64.self)
    return [
      "used": .integer(Int(used)), "voided": .integer(Int(try row.decode("voided", as: Int64.self))),
      "limit": .integer(Int(limit)), "refused": .integer(Int(refused)),
      "remaining": .integer(Int(max(0, limit.subtractingSaturating(used)))),
      "used_percent": rate(Double(used) * 100, of: limit),
    ]
  }

  private static func decimal(_ row: Row, _ column: String) throws -> JSONValue {
    try row.decode(column, as: String?.self).map { .number($0) } ?? .null
  }

  /// A share of a whole, six decimals; null of nothing, for 0 of 0 is no rate.
  private static func rate(_ part: Double, of whole: Int64) -> JSONValue {
    guard whole > 0 else { return .null }
    return .number(String(format: "%.6f", part / Double(whole)))
  }
}
