/// All that was said of a subscription (R2 to R4), kept so that each fact more costs the same however many there are.
struct SubscriptionHistory: Sendable {
  /// Events, each with its twins.
  private var sightings: [StripeTwin: Sighting] = [:]
  /// Those among them that say a state and not how it came to it.
  private var witnesses: Set<StripeTwin> = []
  /// All moves that were ever said.
  private(set) var whole = StateGraph()
  /// The last answer to a GET: a new start.
  private(set) var base: Base?
  /// The moves from there: of events that were not known when it was asked for.
  private(set) var open = StateGraph()
  /// The events that were known when some answer was asked for.
  private var closed: Set<String> = []
  private var answered: Set<SubscriptionState> = []
  private(set) var record = SubscriptionRecord()

  /// An event that was said under one id or more.
  private struct Sighting {
    var move: Move
    var state: SubscriptionFacts
    var seen: StripeSeen
    var ids: [String]
  }

  /// How an event came to its state.
  enum Move: Sendable, Equatable {
    case beginning
    case from(SubscriptionFacts)
    /// It says nothing of that.
    case witness

    init(_ event: StripeEventReceived) {
      switch event.eventType {
      case "customer.subscription.created": self = .beginning
      case "customer.subscription.updated": self = (event.prior?.subscription).map { .from($0) } ?? .witness
      default: self = .witness
      }
    }
  }

  /// Where an answer to a GET begins anew.
  struct Base: Sendable {
    var state: SubscriptionFacts
    var answer: StripeAnswer
  }

  mutating func take(_ event: StripeEventReceived, _ state: SubscriptionFacts) {
    let twin = StripeTwin(event)
    let move = Move(event)
    record.note(state, move, event)
    guard var sighting = sightings[twin] else {
      return add(Sighting(move: move, state: state, seen: StripeSeen(event), ids: [event.eventID]), as: twin)
    }
    let wasClosed = isClosed(sighting)
    sighting.ids.append(event.eventID)
    sighting.seen = max(sighting.seen, StripeSeen(event))
    sightings[twin] = sighting
    if move != .witness { whole.hear(state, sighting.seen) }
    guard base != nil, !wasClosed else { return }
    if isClosed(sighting) { reopen() } else if case .from = move { open.hear(state, sighting.seen) }
  }

  mutating func take(_ answer: StripeObjectFetched, _ state: SubscriptionFacts) {
    closed.formUnion(answer.knownEvents)
    answered.insert(SubscriptionState(state))
    let answer = StripeAnswer(answer)
    record.note(answered: state, answer.seen)
    if base.map({ answer.isLater(than: $0.answer) }) ?? true { base = Base(state: state, answer: answer) }
    reopen()
  }

  private mutating func add(_ sighting: Sighting, as twin: StripeTwin) {
    sightings[twin] = sighting
    switch sighting.move {
    case .witness: witnesses.insert(twin)
    case .beginning: whole.begin(sighting.state, sighting.seen)
    case .from(let before):
      whole.move(from: before, to: sighting.state, sighting.seen)
      if base != nil, !isClosed(sighting) { open.move(from: before, to: sighting.state, sighting.seen) }
    }
  }

  /// Begins anew from the last answer. How the subscription began lies before any.
  private mutating func reopen() {
    guard let base else { return }
    open = StateGraph()
    open.begin(base.state, base.answer.seen)
    for sighting in sightings.values where !isClosed(sighting) {
      if case .from(let before) = sighting.move { open.move(from: before, to: sighting.state, sighting.seen) }
    }
  }

  private func isClosed(_ sighting: Sighting) -> Bool { sighting.ids.contains { closed.contains($0) } }

  /// Whether a witness says a state that no move and no answer explains.
  var isContradicted: Bool {
    witnesses.contains { twin in
      guard let sighting = sightings[twin], !isClosed(sighting) else { return false }
      return !whole.contains(sighting.state) && !answered.contains(SubscriptionState(sighting.state))
    }
  }

  /// What the last witness says: all there is to go by where nothing else was said.
  var lastWitnessed: SubscriptionFacts? {
    witnesses.compactMap { sightings[$0] }.max { $0.seen < $1.seen }?.state
  }
}
