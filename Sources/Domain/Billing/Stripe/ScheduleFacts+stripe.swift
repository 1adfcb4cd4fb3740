extension ScheduleFacts {
  /// Of a subscription schedule. Nil without a status.
  init?(stripe object: JSONValue) {
    guard let status = object.word("status") else { return nil }
    self.init(
      status: status, subscription: Self.subscription(of: object),
      phases: object.list("phases").compactMap { Phase(stripe: $0) })
  }

  /// Also of one that has let go of it.
  static func subscription(of schedule: JSONValue) -> String? {
    schedule.id("subscription") ?? schedule.id("released_subscription")
  }
}

extension ScheduleFacts.Phase {
  /// Nil without a beginning. The prices of older versions are plans.
  fileprivate init?(stripe phase: JSONValue) {
    guard let start = phase.time("start_date") else { return nil }
    let items = phase.list("items") + phase.list("plans")
    self.init(start: start, end: phase.time("end_date"), prices: items.compactMap { $0.id("price") ?? $0.id("plan") })
  }
}
