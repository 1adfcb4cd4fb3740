import EventLog
import Foundation
import Synchronization

/// Turns at the processors for calls of many events.
///
/// A call of 5,000 events takes a processor for milliseconds, and what runs waits for nobody: dozens at once, of one tenant, would keep
/// everybody's single events waiting for a thread. So large calls have all processors but one, accounts take turns among them
/// (``FairQueue``), and small calls pass by.
final class LargeCalls: Sendable {
  private let state: Mutex<State>

  /// Bytes from which on a call is large: some 200 events, a fraction of a millisecond.
  static let largeBytes = 32 << 10
  /// What may wait in all; an account alone, half of it. Bodies that are in memory already.
  private static let roomBytes = 128 << 20
  /// Two hundred kilobytes are more than a thousand events.
  private static let bytesPerTurn = 200_000

  private struct State {
    var queue = FairQueue<UUID?, CheckedContinuation<Bool, Never>>(
      roomBytes: LargeCalls.roomBytes, eventsPerTurn: LargeCalls.bytesPerTurn)
    var free: Int
  }

  /// Leaves one processor to small calls, where there are two or more.
  init(processors: Int = ProcessInfo.processInfo.activeProcessorCount) {
    state = Mutex(State(free: max(1, processors - 1)))
  }

  /// Does work for a call of so many bytes when it is its account's turn. Throws what the work throws, and ``GatherError/overloaded``
  /// when too much of the account waits.
  func take<T>(bytes: Int, of account: UUID?, _ work: () throws -> T) async throws -> T {
    guard bytes >= Self.largeBytes else { return try work() }
    guard await enter(bytes: bytes, of: account) else { throw GatherError.overloaded }
    defer { leave(bytes: bytes, of: account) }
    return try work()
  }

  /// Of all calls that wait for their turn.
  var waitingBytes: Int { state.withLock { $0.queue.waitingEvents } }

  /// A processor, when it is the account's turn; false when too much of it waits.
  func enter(bytes: Int, of account: UUID?) async -> Bool {
    await withCheckedContinuation { turn in
      let (next, fits) = state.withLock { state in
        let fits = state.queue.put(turn, of: account, bytes: bytes, events: bytes)
        return fits ? (Self.next(&state), true) : (turn, false)
      }
      next?.resume(returning: fits)
    }
  }

  /// Gives the processor back.
  func leave(bytes: Int, of account: UUID?) {
    let next = state.withLock { state in
      state.queue.release(bytes: bytes, of: account)
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
