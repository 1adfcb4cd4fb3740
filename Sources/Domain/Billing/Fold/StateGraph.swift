/// The states of a subscription and its moves between them, as a sum (R2): +1 for each arrival, −1 for each departure. It does not depend on the order
/// in which they are added.
///
/// Moves that follow upon each other, whole, are one walk along every edge once; so what holds of such a walk has to hold here: all is connected, one
/// state was arrived at once more than left, and at most one was left more often (the start, where nobody says how it began).
struct StateGraph: Sendable {
  private var places: [SubscriptionState: Int] = [:]
  private var nodes: [Node] = []
  /// The places of those that were arrived at more often than left.
  private var ahead: Set<Int> = []
  /// Of those the one that was said last.
  private var latest: Int?
  /// How many were left more often.
  private var behind = 0
  /// How many there are that no edge connects.
  private var parts = 0
  /// When the last move was said.
  private var lastMove: Instant?

  private struct Node {
    var surplus = 0
    /// The last that was said to arrive here; nil: nobody said how it came to this state.
    var arrival: Arrival?
    /// One nearer to the node that stands for all that are connected.
    var parent: Int
  }

  private struct Arrival {
    var facts: SubscriptionFacts
    var seen: StripeSeen
  }

  /// An event is made seconds after its cause: what was said more than this before another move did not come after it.
  private static let skew = Duration.seconds(60)

  /// It was in this state, whatever led to it.
  mutating func begin(_ facts: SubscriptionFacts, _ seen: StripeSeen) {
    add(1, at: arrive(facts, seen))
  }

  /// It went from one state to another, or changed in nothing that counts.
  mutating func move(from: SubscriptionFacts, to: SubscriptionFacts, _ seen: StripeSeen) {
    let (start, end) = (place(of: from), arrive(to, seen))
    lastMove = max(lastMove ?? seen.at, seen.at)
    connect(start, end)
    add(-1, at: start)
    add(1, at: end)
  }

  /// What is counted already was said again: by a twin.
  mutating func hear(_ facts: SubscriptionFacts, _ seen: StripeSeen) { _ = arrive(facts, seen) }

  /// Whether anything was said but where it began.
  var hasMoves: Bool { lastMove != nil }

  /// Whether it was ever in this state.
  func contains(_ facts: SubscriptionFacts) -> Bool { places[SubscriptionState(facts)] != nil }

  /// The state it is in, if the moves are whole.
  var settled: SubscriptionFacts? {
    guard parts == 1, let end, let arrival = nodes[end].arrival else { return nil }
    // A walk ends with its last move. Without this a state that it came to twice could be taken for the end where one of both is missing.
    guard lastMove.map({ arrival.seen.at + Self.skew >= $0 }) ?? true else { return nil }
    return arrival.facts
  }

  private var end: Int? {
    // Nothing but changes of what does not count.
    if ahead.isEmpty, behind == 0 { return nodes.count == 1 ? 0 : nil }
    guard ahead.count == 1, behind <= 1, let latest, nodes[latest].surplus == 1 else { return nil }
    return latest
  }

  /// The best that is known where they are not: of the states arrived at more often than left the one that was said last. Nil: nothing is known.
  var likeliest: SubscriptionFacts? { (latest ?? last(of: nodes.indices)).flatMap { nodes[$0].arrival?.facts } }

  private func last(of places: some Sequence<Int>) -> Int? { places.max { isSaid($0, before: $1) } }

  private func isSaid(_ one: Int, before other: Int) -> Bool {
    guard let later = nodes[other].arrival?.seen else { return false }
    return nodes[one].arrival.map { $0.seen < later } ?? true
  }
}

extension StateGraph {
  private mutating func place(of facts: SubscriptionFacts) -> Int {
    let state = SubscriptionState(facts)
    if let place = places[state] { return place }
    places[state] = nodes.count
    nodes.append(Node(parent: nodes.count))
    parts += 1
    return nodes.count - 1
  }

  private mutating func arrive(_ facts: SubscriptionFacts, _ seen: StripeSeen) -> Int {
    let place = place(of: facts)
    if nodes[place].arrival.map({ $0.seen < seen }) ?? true { nodes[place].arrival = Arrival(facts: facts, seen: seen) }
    if ahead.contains(place) { hurry(place) }
    return place
  }

  private mutating func add(_ count: Int, at place: Int) {
    let before = nodes[place].surplus
    nodes[place].surplus += count
    behind += (before + count < 0 ? 1 : 0) - (before < 0 ? 1 : 0)
    if before + count > 0 {
      ahead.insert(place)
      hurry(place)
    } else if ahead.remove(place) != nil, latest == place {
      latest = last(of: ahead)
    }
  }

  /// It may be the one that was said last.
  private mutating func hurry(_ place: Int) {
    if latest.map({ isSaid($0, before: place) }) ?? true { latest = place }
  }

  private mutating func connect(_ one: Int, _ other: Int) {
    let (one, other) = (root(of: one), root(of: other))
    guard one != other else { return }
    nodes[one].parent = other
    parts -= 1
  }

  private mutating func root(of place: Int) -> Int {
    var place = place
    while nodes[place].parent != place {
      nodes[place].parent = nodes[nodes[place].parent].parent
      place = nodes[place].parent
    }
    return place
  }
}
