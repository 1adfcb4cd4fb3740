import Domain

/// How endpoints are ordered and searched.
struct EndpointSearchView: Sendable {
  let text: String
  let action: String
  let kept: [TrafficHeadView.Kept]
  let byCalls, byErrors, byP95: Order
  /// Of how many that is, where it is not of all.
  let among: String?
  /// Leads out of a search.
  let without: String?

  struct Order: Sendable {
    let path: String
    /// As `aria-sort` has it.
    let direction: String

    init(_ sort: TrafficAddress.Sort?, _ address: TrafficAddress) {
      path = address.with { ($0.sort, $0.cursor) = (sort, nil) }.place().path
      direction = address.sort == sort ? "descending" : "none"
    }
  }

  init(_ list: EndpointList, _ asked: TrafficAsked) {
    let address = asked.address
    text = address.search ?? ""
    action = address.base.path
    kept = address.with { ($0.search, $0.cursor, $0.table) = (nil, nil, .endpoints) }.fields.compactMap { name, value in
      value.map { TrafficHeadView.Kept(name: name, value: $0) }
    }
    (byCalls, byErrors, byP95) = (Order(nil, address), Order(.errors, address), Order(.p95, address))
    among = list.among.map { Text.number(Int64($0)) }
    without = address.search.map { _ in address.with { $0.search = nil }.place().path }
  }
}
