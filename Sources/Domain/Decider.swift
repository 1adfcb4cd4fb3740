/// A decision maker as pure values: what it knows, and what it makes of a command.
///
/// The way of every change in Recount: a state is evolved from its stream's events, `decide` turns a command into new events
/// or a failure, and the caller appends them at the version that the state was read at. `decide` has no clock, no randomness
/// and no I/O: ids, hashes and times come in with the command. (The pattern is Jérémie Chassaing's "Decider".)
package protocol Decider: Sendable {
  /// What someone wants to happen.
  associatedtype Command: Sendable
  /// What can have happened to it.
  associatedtype Event: RecordedEvent
  /// Why a command can be turned down.
  associatedtype Failure: Error

  /// The state before any event.
  init()
  /// The events that follow from a command, none when it asks for what already is so.
  func decide(_ command: Command) throws(Failure) -> [Event]
  /// Moves the state past one event. Total: what has happened can't be refused any more.
  mutating func evolve(_ event: Event)
}

extension Decider {
  /// The state after these events.
  package init(_ history: some Sequence<Event>) {
    self.init()
    for event in history { evolve(event) }
  }

  /// The events that follow from commands, each decided on what those before it led to.
  package func decide(_ commands: [Command]) throws(Failure) -> [Event] {
    var state = self
    var events: [Event] = []
    for command in commands {
      let decided = try state.decide(command)
      decided.forEach { state.evolve($0) }
      events += decided
    }
    return events
  }
}
