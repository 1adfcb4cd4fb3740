import DequeModule

/// Calls that wait, for an append or for a processor, in fair turns: whoever sends much waits behind himself, not others behind him.
///
/// - Each account has a line of its own, and calls leave it in the order they came in.
/// - Accounts take turns, so many events at a turn (``eventsPerTurn``). A call of more is taken whole, and the account lets turns go
///   by until the others have had as many (deficit round robin, after M. Shreedhar and G. Varghese, 1995). Who waits alone waits for
///   nobody. A turn that an append ended goes on in the next, with what is left of it.
/// - A call that doesn't fit into an append any more ends it, and is the first of the next: however large, it is never overtaken for
///   ever, and a small one never waits for the large one that came with it.
/// - An account may hold as many bytes as are free. So one alone fills half of the room, two a third each, and whoever comes new
///   finds as much as the others have.
///
/// A value without a clock and without I/O.
package struct FairQueue<Account: Hashable & Sendable, Element: Sendable>: Sendable {
  /// What may be held in all, waiting or taken and not released.
  package let roomBytes: Int
  /// Few enough that many accounts get a turn in one append, enough that one who sends single events has all of them in it.
  package let eventsPerTurn: Int
  private var lines: [Account: Line] = [:]
  /// Accounts that have a line; the next turn is the first one's.
  private var turns: [Account] = []
  /// What accounts whose line has run empty still have to let others have: who sends one large call after another owes it all the same.
  private var debts: [Account: Int] = [:]
  private var held: [Account: Int] = [:]
  /// Of all accounts.
  package private(set) var heldBytes = 0
  /// Events in all lines.
  package private(set) var waitingEvents = 0

  private struct Item: Sendable {
    let element: Element
    let events: Int
  }

  private struct Line: Sendable {
    var items: Deque<Item> = []
    /// Events it may take; below zero after a large call.
    var credit: Int
    /// Whether an append ended in the middle of its turn: the next one goes on with what is left of it.
    var isInTurn = false
  }

  package init(roomBytes: Int, eventsPerTurn: Int = 250) {
    self.roomBytes = roomBytes
    self.eventsPerTurn = eventsPerTurn
  }

  package var isEmpty: Bool { lines.isEmpty }

  /// At the end of its account's line; false when the account holds its share already. What finds all empty is taken, however large.
  package mutating func put(_ element: Element, of account: Account, bytes: Int, events: Int) -> Bool {
    let mine = held[account, default: 0]
    guard heldBytes == 0 || bytes <= roomBytes - heldBytes - mine else { return false }
    held[account] = mine + bytes
    heldBytes += bytes
    waitingEvents += events
    if lines[account] == nil {
      turns.append(account)
      lines[account] = Line(credit: debts.removeValue(forKey: account) ?? 0)
    }
    lines[account]?.items.append(Item(element: element, events: events))
    return true
  }

  /// Gives the room of a call back that is done with.
  package mutating func release(bytes: Int, of account: Account) {
    heldBytes -= bytes
    let mine = held[account, default: 0] - bytes
    held[account] = mine > 0 ? mine : nil
  }

  /// Corrects what was taken from an account's turns, where a call turned out to be more events than it was put in with, or fewer.
  package mutating func settle(events: Int, of account: Account) {
    guard let credit = lines[account]?.credit else { return owe(events - debts[account, default: 0], account) }
    lines[account]?.credit = min(eventsPerTurn, credit - events)
  }

  private mutating func owe(_ events: Int, _ account: Account) { debts[account] = events > 0 ? -events : nil }

  /// A round of turns has gone by without those whose line is empty.
  private mutating func payDebts() {
    for (account, debt) in debts { owe(-debt - eventsPerTurn, account) }
  }

  /// The calls of the next append, at least one if any waits. One that `clashes` with those taken before it, in this order, holds
  /// back its own account's line until the append after.
  package mutating func take(upTo limit: Int, clashes: (Element) -> Bool) -> [Element] {
    var append = Append(limit: limit)
    var round = turns
    var waiting: [Account] = []
    while !round.isEmpty {
      payDebts()
      var next: [Account] = []
      for (index, account) in round.enumerated() {
        switch turn(of: account, into: &append, clashes) {
        case .passed: next.append(account)
        case .clashed: waiting.append(account)
        case .emptied: break
        case .full:
          turns = round[index...] + next + waiting
          return append.taken
        }
      }
      round = next
    }
    turns = waiting
    return append.taken
  }

  private struct Append {
    let limit: Int
    var taken: [Element] = []
    var events = 0

    func has(roomFor item: Item) -> Bool { taken.isEmpty || events + item.events <= limit }
  }

  private enum Turn {
    case passed, clashed, emptied, full
  }

  private mutating func turn(of account: Account, into append: inout Append, _ clashes: (Element) -> Bool) -> Turn {
    // Taken out, so that there is one copy alone and taking from a long line moves nothing.
    guard var line = lines.removeValue(forKey: account) else { return .emptied }
    // Never more than a turn's worth: who could not take one has not saved it up.
    if !line.isInTurn { line.credit = min(eventsPerTurn, line.credit + eventsPerTurn) }
    line.isInTurn = false
    defer { keep(line, of: account) }
    while let item = line.items.first {
      guard line.credit > 0 else { return .passed }
      guard append.has(roomFor: item) else {
        line.isInTurn = true
        return .full
      }
      guard !clashes(item.element) else { return .clashed }
      line.items.removeFirst()
      line.credit -= max(1, item.events)
      waitingEvents -= item.events
      append.events += item.events
      append.taken.append(item.element)
    }
    return .emptied
  }

  private mutating func keep(_ line: Line, of account: Account) {
    guard line.items.isEmpty else { return lines[account] = line }
    owe(-line.credit, account)
  }
}
