import Application
import Domain
import Foundation

/// The endpoints of a page: in the order of their calls, or those most called in another order, or those that a text is in.
struct EndpointList: Sendable {
  let entries: [EndpointTraffic]
  let next: String?
  /// The API's answer, with these for its endpoints.
  let json: JSONValue
  let isCompared: Bool
  /// Whether all of the span was counted for it.
  let isWhole: Bool
  /// How many were looked at, where the order or the search is of those alone; nil where it is of all.
  let among: Int?

  /// So many are shown.
  static let length = 50
  /// The API's own most.
  private static let most = 500
  /// So many pages of those are searched: the most called of a project that has more.
  private static let searched = 10

  init(_ numbers: ProjectNumbers, _ asked: TrafficAsked, limit: Int = length) async throws {
    let address = asked.address
    if let text = address.search {
      self = try await Self.search(text, numbers, asked)
    } else if let sort = address.sort {
      let answer = try await numbers.endpoints(asked, limit: Self.most, after: nil)
      self.init(
        Array(Self.sorted(answer.content.endpoints, by: sort).prefix(limit)), answer,
        next: nil, among: answer.content.cursor == nil ? nil : Self.most, isWhole: answer.isWhole)
    } else {
      let answer = try await numbers.endpoints(asked, limit: limit, after: address.cursor)
      self.init(
        answer.content.endpoints, answer, next: answer.content.cursor, among: nil, isWhole: answer.isWhole)
    }
  }

  private init(
    _ entries: [EndpointTraffic], _ answer: SpanAnswer<Ranking>, next: String?, among: Int?, isWhole: Bool
  ) {
    self.entries = entries
    self.isWhole = isWhole
    self.next = next
    self.among = among
    var members = ReadRoutes.endpointsShape.members(answer)
    members["endpoints"] = .array(entries.map(TrafficShapes.endpoint.json))
    members["next_cursor"] = next.map { .string($0) } ?? .null
    json = .object(members)
    isCompared = answer.answered.comparison != nil
  }

  private static func search(
    _ text: String, _ numbers: ProjectNumbers, _ asked: TrafficAsked
  ) async throws -> EndpointList {
    var (found, cursor, pages, isWhole) = ([EndpointTraffic](), nil as String?, 0, true)
    var answer: SpanAnswer<Ranking>
    repeat {
      answer = try await numbers.endpoints(asked, limit: most, after: cursor)
      found += answer.content.endpoints.filter { "\($0.method ?? "") \($0.template ?? "")".holds(text) }
      (cursor, pages, isWhole) = (answer.content.cursor, pages + 1, isWhole && answer.isWhole)
    } while cursor != nil && pages < searched && found.count < length
    let ordered = asked.address.sort.map { sorted(found, by: $0) } ?? found
    return EndpointList(
      Array(ordered.prefix(length)), answer, next: nil, among: cursor == nil ? nil : pages * most,
      isWhole: isWhole)
  }

  private static func sorted(
    _ entries: [EndpointTraffic], by sort: TrafficAddress.Sort
  ) -> [EndpointTraffic] {
    func key(_ endpoint: EndpointTraffic) -> Double {
      switch sort {
      case .errors: Double(endpoint.numbers.errors5xx)
      case .p95: endpoint.numbers.p95.flatMap(Double.init) ?? -1
      }
    }
    return entries.enumerated().sorted { one, two in
      let (left, right) = (key(one.element), key(two.element))
      return left == right ? one.offset < two.offset : left > right
    }.map(\.element)
  }
}

extension Ranking {
  var endpoints: [EndpointTraffic] { if case .endpoints(let page) = self { page.entries } else { [] } }

  /// Where it goes on, as the API says it.
  var cursor: String? { next.map { Cursor($0.calls, $0.hash).text } }
}

extension String {
  fileprivate func holds(_ text: String) -> Bool { range(of: text, options: [.caseInsensitive]) != nil }
}
