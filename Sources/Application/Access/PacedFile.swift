/// Does work for one caller after the other, and rests between two for as long as the first took: whatever comes at once, it takes half of what
/// one caller could.
///
/// For work that may wait, beside work that may not.
package actor PacedFile {
  private let file = SingleFile()
  private var rest = ContinuousClock.now

  package init() {}

  /// Returns what the work does, once those who came before are done. Its own rest holds up only whoever comes next.
  package func callAsFunction<T: Sendable>(_ work: @Sendable @escaping () async throws -> T) async throws -> T {
    try await file {
      try await Task.sleep(until: self.rest, clock: .continuous)
      let begin = ContinuousClock.now
      do {
        let result = try await work()
        await self.rest(since: begin)
        return result
      } catch {
        await self.rest(since: begin)
        throw error
      }
    }
  }

  private func rest(since begin: ContinuousClock.Instant) {
    let end = ContinuousClock.now
    rest = end + (end - begin)
  }
}
