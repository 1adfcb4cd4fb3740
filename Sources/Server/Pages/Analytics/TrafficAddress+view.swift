import Application
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What a saved view holds of an address: all of its query but the place that a table had come to.
extension TrafficAddress {
  /// As an address has it after `?`, written in one way alone.
  var query: String {
    let path = with { $0.cursor = nil }.place().path
    return path.firstIndex(of: "?").map { String(path[path.index(after: $0)...]) } ?? ""
  }

  /// The address that a saved view leads to; where another release wrote it, the one that says nothing.
  init(savedAs query: String, _ project: UUID) {
    self = (try? TrafficAddress(ReadParameters(query: query), project)) ?? TrafficAddress(project: project)
  }

  /// What a query asks for that is to be saved. Throws the problem of what no page of the project's numbers is asked with.
  init(saving query: String, of project: UUID, now: Instant, _ context: RecountContext) throws {
    let text = query.hasPrefix("?") ? query.dropFirst() : query[...]
    guard text.utf8.allSatisfy({ (0x21..<0x7F).contains($0) && $0 != UInt8(ascii: "#") }) else {
      throw JSONBody.invalid("query", query, allowed: Self.allowed)
    }
    do {
      // As forms write a space (PageRoutes).
      let parameters = ReadParameters(query: String(text).replacing("+", with: "%20"))
      if let unknown = parameters.names.first(where: { !$0.isEmpty && !Self.names.contains($0) }) {
        throw Problem.unknown(unknown, among: Self.names.sorted(), what: "parameter of such a page")
      }
      self = try TrafficAddress(parameters, project).with { $0.cursor = nil }
      try check(now: now, context)
    } catch let problem as Problem {
      throw Problem(
        .invalidParameter, "query: \(problem.detail)",
        members: ["field": "query", "found": .string(String(query.prefix(64))), "allowed": .string(Self.allowed)])
    }
  }

  private static let allowed =
    "the query of the address of a project's page, such as period=30d&status=5xx&compare=weekday"

  private static let names = Set(TrafficAddress(project: UUID()).fields.map { $0.0 } + ["period", "from", "to"])

  /// What the page itself would hold it against.
  private func check(now: Instant, _ context: RecountContext) throws {
    let calendar = try calendar(instead: .utc).calendar
    let range = period.range(now: now, in: calendar)
    try (interval ?? .fitting(range)).check(range, ReadParameters(query: ""), atMost: LocalCalendar.Unit.mostBars)
    let place = Place.api(of: project, "summary").with(
      filterFields + [("compare", comparison?.rawValue), ("time_zone", zone)])
    let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: place.path)
    _ = try TrafficTerms(
      Call(
        operation: .summary, request: Request(head: head, body: RequestBody(buffer: ByteBuffer())), context: context))
  }
}
