extension SubscriptionHistory {
  /// What all of it comes to.
  ///
  /// - Parameter isDeleted: its customer is: whatever was said, it runs no more.
  func folded(_ id: String, isDeleted: Bool, knownEvents: [String]) -> FoldedSubscription? {
    guard let reached else { return nil }
    var state = reached.state
    if isDeleted, !SubscriptionRecord.isOver(state) { state.status = SubscriptionStatus.ended.word }
    let needsFetch = !SubscriptionRecord.isOver(state) && (!reached.isSettled || isContradicted)
    return FoldedSubscription(
      id: id, state: state, needsFetch: needsFetch, knownEvents: knownEvents, everHeld: record.everHeld,
      wasEntitled: record.wasEntitled, pastDueSince: state.meaning.isPastDue ? record.pastDueSince : nil,
      updateExpiredAt: record.updateExpiredAt)
  }

  /// The end (R3); else where the moves lead from the last answer, or from the beginning; else the best that is known (R4).
  private var reached: (state: SubscriptionFacts, isSettled: Bool)? {
    if let end = record.end { return (end, true) }
    guard let base else {
      if let state = whole.settled { return (state, true) }
      return (whole.likeliest ?? lastWitnessed).map { ($0, false) }
    }
    switch (open.settled, settled(passing: base)) {
    case (let state?, nil), (nil, let state?): return (state, true)
    case (let one?, let other?): return (other, SubscriptionState(one) == SubscriptionState(other))
    case (nil, nil): return open.likeliest.map { ($0, false) }
    }
  }

  /// Where all moves that were ever said lead, if they are one walk which passes by an answer. Of events that an answer was ahead of it is this that
  /// is right: they come after it, and are no moves from it.
  private func settled(passing base: Base) -> SubscriptionFacts? {
    open.hasMoves && whole.contains(base.state) ? whole.settled : nil
  }
}
