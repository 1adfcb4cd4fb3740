/// Lets so many through at a time: tests run in parallel, but all on one small server.
package actor Gate {
  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// A gate with so many places.
  package init(_ places: Int) { free = places }

  /// Returns when there is a place; whoever has it must ``leave()``.
  package func enter() async {
    guard free == 0 else {
      free -= 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  /// Gives the place to whoever waits.
  package func leave() {
    guard waiting.isEmpty else { return waiting.removeFirst().resume() }
    free += 1
  }
}
