import DequeModule

/// Does work for one caller after the other, in the order in which they came.
package actor SingleFile {
  package init() {}

  private var isBusy = false
  private var waiting: Deque<CheckedContinuation<Void, Never>> = []

  /// Returns what the work does, once those who came before are done.
  package func callAsFunction<T: Sendable>(_ work: @Sendable () async throws -> T) async rethrows -> T {
    if isBusy { await withCheckedContinuation { waiting.append($0) } }
    isBusy = true
    defer {
      // Handed on to the next, so that nobody who comes now gets in between.
      if let next = waiting.popFirst() { next.resume() } else { isBusy = false }
    }
    return try await work()
  }
}
