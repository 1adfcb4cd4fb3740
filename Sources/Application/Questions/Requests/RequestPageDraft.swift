import Domain
import EventLog

/// A page of requests as a walk fills it.
struct RequestPageDraft: RequestSink {
  let limit: Int
  /// In the list's order, one more than fit on the page at most, once settled.
  private var found: [FoundRequest] = []
  private var isInOrder = true

  init(limit: Int) { self.limit = limit }

  var last: RequestPlace? { found.count > limit ? found.last?.place : nil }

  mutating func take(_ unit: TrackedUnit, where isWanted: (Int64, borrowing StoredRequest) -> Bool) throws {
    var identities: TrackedUnit.Identities?
    try unit.forEach { position, request in
      guard isWanted(position, request) else { return }
      let ids = if let identities { identities } else { try unit.identities() }
      identities = ids
      found.append(FoundRequest(request, at: position, of: unit, ids))
      isInOrder = false
    }
  }

  /// Enough: one more than fits on the page, which nothing can come before.
  mutating func settle(downTo time: Int64) -> Bool {
    if !isInOrder {
      found.sort { $0.place > $1.place }
      if found.count > limit + 1 { found.removeLast(found.count - limit - 1) }
      isInOrder = true
    }
    return found.count > limit && found[limit].time >= Instant(milliseconds: time)
  }

  /// The page of a walk that ended so, which has settled all down to a time of those from `first` on.
  func page(stop: RequestPage.Stop?, settled: Instant, first: Instant) -> RequestPage {
    guard let stop else { return whole(first) }
    let requests = Array(found.prefix { $0.time >= settled })
    // One more than fit would have ended the walk as a full page.
    return RequestPage(
      requests: requests, next: stop == .cost ? RequestPlace(time: settled, position: 0) : nil, stop: stop,
      searchedFrom: settled)
  }

  /// A full page, or all that there is.
  private func whole(_ first: Instant) -> RequestPage {
    let requests = Array(found.prefix(limit))
    guard found.count > limit, let last = requests.last else {
      return RequestPage(requests: requests, next: nil, stop: nil, searchedFrom: first)
    }
    return RequestPage(requests: requests, next: last.place, stop: nil, searchedFrom: last.time)
  }
}
