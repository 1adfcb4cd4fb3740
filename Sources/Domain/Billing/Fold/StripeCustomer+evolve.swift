extension StripeCustomer {
  /// Moves the state past one fact. The same facts in any order, repeated, come to the same.
  package mutating func evolve(_ event: Event) {
    switch event {
    case .received(let event): take(event)
    case .fetched(let answer): take(answer)
    case .linked(let link):
      note(StripeMode(stripeAccount: link.stripeAccount, livemode: link.livemode), link.customer)
      accountID = accountID ?? link.accountID
    }
  }

  private mutating func take(_ event: StripeEventReceived) {
    guard events.insert(event.eventID).inserted else { return }
    note(StripeMode(stripeAccount: event.stripeAccount, livemode: event.livemode), event.customer)
    raise(event.facts, of: event.objectID, StripeSeen(event))
    if let state = event.facts.subscription { take(event, state) }
    if let invoice = event.facts.invoice { noteFailure(of: invoice, in: event) }
    if event.facts.customer?.deleted ?? (event.eventType == "customer.deleted") { delete() }
  }

  private mutating func take(_ answer: StripeObjectFetched) {
    let said = StripeAnswer(answer)
    if answers[answer.objectID].map({ said.isLater(than: $0) }) ?? true { answers[answer.objectID] = said }
    note(StripeMode(stripeAccount: answer.stripeAccount, livemode: answer.livemode), answer.customer)
    raise(answer.facts, of: answer.objectID, StripeSeen(answer))
    if let state = answer.facts.subscription {
      histories[answer.objectID, default: SubscriptionHistory()].take(answer, state)
      fold(answer.objectID)
    }
    if answer.facts.customer?.deleted ?? false { delete() }
  }

  private mutating func note(_ mode: StripeMode, _ customer: String?) {
    self.mode = self.mode ?? mode
    self.customer = self.customer ?? customer
  }

  private mutating func take(_ event: StripeEventReceived, _ state: SubscriptionFacts) {
    histories[event.objectID, default: SubscriptionHistory()].take(event, state)
    fold(event.objectID, adding: event.eventID)
  }

  private mutating func delete() {
    guard !isDeleted else { return }
    isDeleted = true
    for id in histories.keys { fold(id) }
  }

  /// - Parameter event: the one that is known from now on.
  private mutating func fold(_ id: String, adding event: String? = nil) {
    // Taken out, so that the list is not copied for each event.
    var known = subscriptions.removeValue(forKey: id)?.knownEvents ?? []
    if let event { known.insert(event, at: known.place(of: event)) }
    subscriptions[id] = histories[id]?.folded(id, isDeleted: isDeleted, knownEvents: known)
  }
}

extension [String] {
  /// Where it belongs in texts that are in order.
  fileprivate func place(of text: String) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < text { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
