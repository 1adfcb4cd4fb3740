package import Foundation

/// Which requests are asked for; nil: all.
package struct RequestFilter: Hashable, Sendable {
  /// By template, path, or path with its query string.
  package var endpoint: String?
  /// By template.
  package var template: String?
  /// By path, without its query string.
  package var path: String?
  /// By HTTP method, as it was recorded.
  package var method: String?
  /// By status.
  package var status: StatusFilter?
  /// By the key that sent it.
  package var key: UUID?
  /// By who called.
  package var consumer: String?
  /// By the release that served it.
  package var release: String?
  /// By response time, in nanoseconds: at least this.
  package var atLeast: Int64?
  /// At most this. What has no response time is found by neither.
  package var atMost: Int64?

  /// All requests.
  package init() {}

  /// Whether all are asked for.
  package var isEmpty: Bool { self == RequestFilter() }

  /// Nanoseconds of a text of milliseconds such as `250` or `0.5`, of up to six decimals; nil where it is none.
  package static func nanoseconds(ofMilliseconds text: String) -> Int64? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(ASCII.isDigit) }),
      parts[0].utf8.count <= 10, let whole = Int64(parts[0])
    else { return nil }
    guard parts.count == 2 else { return whole * 1_000_000 }
    let decimals = parts[1].utf8.count
    guard decimals <= 6, let fraction = Int64(parts[1]) else { return nil }
    return whole * 1_000_000 + (decimals..<6).reduce(fraction) { value, _ in value * 10 }
  }
}

/// A filter made ready to be held against many requests, and against places in which some may lie.
package struct RequestMatcher: Sendable {
  private let filter: RequestFilter
  private let texts: [(StoredRequest.Text, [UInt8])]
  private let endpoint: [UInt8]?
  private let path: [UInt8]?
  /// A batch must have one of each.
  private let traits: [[RequestTrait]]
  private let slowness: Int

  /// Of a filter.
  package init(_ filter: RequestFilter) {
    self.filter = filter
    let named: [(StoredRequest.Text, String?)] = [
      (.template, filter.template), (.method, filter.method), (.consumer, filter.consumer), (.release, filter.release),
    ]
    texts = named.compactMap { text, value in value.map { (text, Array($0.utf8)) } }
    endpoint = filter.endpoint.map { Array($0.utf8) }
    path = filter.path.map { Array($0.utf8) }
    traits = Self.traits(filter)
    slowness = filter.atLeast.map(BatchPlace.slowness) ?? 0
  }

  private static func traits(_ filter: RequestFilter) -> [[RequestTrait]] {
    var traits: [[RequestTrait]] = []
    let method = filter.method.map { RequestTrait.method($0.utf8) }
    let template = filter.template.map { RequestTrait.template($0.utf8) }
    switch (method, template) {
    case (let method?, let template?): traits.append([.call(method, template)])
    case (let one?, nil), (nil, let one?): traits.append([one])
    case (nil, nil): break
    }
    if let endpoint = filter.endpoint {
      traits.append([.template(endpoint.utf8), .path(StoredRequest.path(of: Array(endpoint.utf8)))])
    }
    if let path = filter.path { traits.append([.path(path.utf8)]) }
    if let key = filter.key { traits.append([.key(key)]) }
    if let consumer = filter.consumer { traits.append([.consumer(consumer.utf8)]) }
    if let release = filter.release { traits.append([.release(release.utf8)]) }
    return traits
  }

  /// False: no request that lies there matches.
  package func mayMatch(_ place: BatchPlace) -> Bool {
    place.slowest >= slowness && filter.status?.mayMatch(place) ?? true
      && traits.allSatisfy { $0.contains(where: place.signature.mayHold) }
  }

  /// Whether a request is asked for.
  package func matches(_ request: borrowing StoredRequest, key: UUID) -> Bool {
    if let wanted = filter.key, wanted != key { return false }
    if let status = filter.status, !status.contains(request.status) { return false }
    guard isInTime(request.time) else { return false }
    for (text, expected) in texts where !request.text(text, is: expected) { return false }
    if let endpoint, !request.isCalled(endpoint) { return false }
    if let path, !request.hasPath(path) { return false }
    return true
  }

  private func isInTime(_ time: Int64?) -> Bool {
    guard filter.atLeast != nil || filter.atMost != nil else { return true }
    guard let time else { return false }
    return time >= filter.atLeast ?? 0 && time <= filter.atMost ?? .max
  }
}

extension StoredRequest {
  fileprivate func isCalled(_ endpoint: [UInt8]) -> Bool {
    text(.template, is: endpoint) || text(.endpoint, is: endpoint) || hasPath(endpoint)
  }

  fileprivate func hasPath(_ path: [UInt8]) -> Bool {
    var endpoint: [UInt8] = []
    append(.endpoint, to: &endpoint)
    return Self.path(of: endpoint).elementsEqual(path)
  }
}
