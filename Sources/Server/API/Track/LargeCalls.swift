import EventLog
import Foundation
import Synchronization

/// Turns at the processors for calls of many events.
///
/// A call of 5,000 events takes a processor for milliseconds, and what runs waits for nobody: dozens at once, of one tenant, would keep
/// everybody's single events waiting for a thread. So large calls have all processors but one, accounts take turns among them
/// (``FairQueue``), and small calls pass by. Whose a call is that has its key in its body is known only when that was read: until then
/// it is its client's, so that nobody without a key stands before everybody else who sends it there.
final class LargeCalls: Sendable {
  private let state: Mutex<State>

  /// Bytes from which on a call is large: some 200 events, a fraction of a millisecond.
  static let largeBytes = 32 << 10
  /// What may wait in all; an account alone, half of it. Bodies that are in memory already.
  private static let roomBytes = 128 << 20
  /// Two hundred kilobytes are more than a thousand events.
  private static let bytesPerTurn = 200_000

  /// Who takes turns.
  enum Sender: Hashable {
    case account(UUID)
    /// Nil where there is no socket.
    case stranger(AddressKey?)
  }

  private struct State {
    var queue = FairQueue<Sender, CheckedContinuation<Bool, Never>>(
      roomBytes: LargeCalls.roomBytes, eventsPerTurn: LargeCalls.bytesPerTurn)
    var free: Int
  }

  /// Leaves one processor to small calls, where there are two or more.
  init(processors: Int = ProcessInfo.processInfo.activeProcessorCount) {
    state = Mutex(State(free: max(1, processors - 1)))
  }

  /// Does work for a call of so many bytes when it is its account's turn. Throws what the work throws, and ``GatherError/overloaded``
  /// when too much of the account waits.
  func take<T>(bytes: Int, of sender: Sender, _ work: () throws -> T) async throws -> T {
    try await take(bytes: bytes, of: sender) { _ in try work() }
  }

  /// The same for work that finds out how many bytes it really is, and notes that: its sender's next turns are the fewer for it.
  func take<T>(bytes: Int, of sender: Sender, settling work: (inout Int) throws -> T) async throws -> T {
    var real = bytes
    guard bytes >= Self.largeBytes else { return try work(&real) }
    guard await enter(bytes: bytes, of: sender) else { throw GatherError.overloaded }
    defer { leave(bytes: bytes, of: sender, real: real) }
    return try work(&real)
  }

  /// Of all calls that wait for their turn.
  var waitingBytes: Int { state.withLock { $0.queue.waitingEvents } }

  /// A processor, when it is the account's turn; false when too much of it waits.
  func enter(bytes: Int, of sender: Sender) async -> Bool {
    await withCheckedContinuation { turn in
      let (next, fits) = state.withLock { state in
        let fits = state.queue.put(turn, of: sender, bytes: bytes, events: bytes)
        return fits ? (Self.next(&state), true) : (turn, false)
      }
      next?.resume(returning: fits)
    }
  }

  /// Gives the processor back.
  func leave(bytes: Int, of sender: Sender, real: Int? = nil) {
    let next = state.withLock { state in
      state.queue.release(bytes: bytes, of: sender)
      state.queue.settle(events: (real ?? bytes) - bytes, of: sender)
      state.free += 1
      return Self.next(&state)
    }
    next?.resume(returning: true)
  }

  /// Whose turn it is, if a processor is free.
  private static func next(_ state: inout State) -> CheckedContinuation<Bool, Never>? {
    guard state.free > 0 else { return nil }
    // No room but for the first.
    guard let turn = state.queue.take(upTo: 0, clashes: { _ in false }).first else { return nil }
    state.free -= 1
    return turn
  }
}
