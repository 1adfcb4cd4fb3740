import Foundation
import HTTPTypes
import Synchronization

/// Lets few of a kind go on at a time: for each account, so that one can't take all of them, and in all, so that they can't take more than there
/// is. Whoever comes when there is none free is told so at once, or, of what is soon done, waits in a short line for one of its account's.
///
/// The last half of the places is for accounts that have none: who has one gets another only while half of them are free, so that as many
/// accounts as may be are served where others would be turned away.
///
/// Of this process: several servers let several times as many.
final class Turns: Sendable {
  /// What takes turns, in words.
  let what: String
  let perAccount: Int
  let inAll: Int
  /// How many of an account may wait for one of its own: as many as look at one dashboard at a time.
  let line: Int
  private let state = Mutex(State())

  private struct State: ~Copyable {
    var taken: [UUID: Int] = [:]
    /// In the order in which they came.
    var waiting: [UUID: [(id: UUID, place: CheckedContinuation<Problem?, Never>)]] = [:]
  }

  init(of what: String, perAccount: Int, inAll: Int, line: Int = 0) {
    self.what = what
    self.perAccount = perAccount
    self.inAll = inAll
    self.line = line
  }

  /// A turn lasts until nobody holds it: also that of an answer which was never begun, since its client had gone.
  final class Turn: Sendable {
    private let turns: Turns
    private let account: UUID

    fileprivate init(_ turns: Turns, _ account: UUID) {
      self.turns = turns
      self.account = account
    }

    deinit { turns.giveBack(account) }
  }

  /// A turn, or the problem of having to come again: 429 where the account has all that one may have, 503 where others have them.
  func take(for account: UUID) throws(Problem) -> Turn {
    if let refusal = state.withLock({ refusal(of: account, &$0) }) { throw refusal }
    return Turn(self, account)
  }

  /// The same, but whoever finds all taken that the account may have stands in line for one as long as `patience`, where there is room in it.
  func take(for account: UUID, waiting patience: Duration) async throws -> Turn {
    let id = UUID()
    let end = Task { [self] in
      try await Task.sleep(for: patience)
      leave(account, id)
    }
    defer { end.cancel() }
    let refusal = await withTaskCancellationHandler {
      await withCheckedContinuation { stand(in: account, as: id, $0) }
    } onCancel: {
      leave(account, id)
    }
    if let refusal { throw refusal }
    let turn = Turn(self, account)
    try Task.checkCancellation()
    return turn
  }

  private func stand(in account: UUID, as id: UUID, _ place: CheckedContinuation<Problem?, Never>) {
    let answer: Problem?? = state.withLock { state in
      let refusal = refusal(of: account, &state)
      guard refusal != nil, state.taken[account, default: 0] >= perAccount,
        state.waiting[account, default: []].count < line
      else { return .some(refusal) }
      state.waiting[account, default: []].append((id, place))
      return nil
    }
    if let answer { place.resume(returning: answer) }
  }

  private func leave(_ account: UUID, _ id: UUID) {
    let place = state.withLock { state -> CheckedContinuation<Problem?, Never>? in
      guard let index = state.waiting[account]?.firstIndex(where: { $0.id == id }) else { return nil }
      return state.waiting[account]?.remove(at: index).place
    }
    place?.resume(returning: ownAreTaken)
  }

  private func refusal(of account: UUID, _ state: inout State) -> Problem? {
    let (own, all) = (state.taken[account, default: 0], state.taken.values.reduce(0, +))
    if own >= perAccount { return ownAreTaken }
    if all >= inAll { return allAreTaken }
    if own > 0, all >= inAll / 2 { return othersHaveNone }
    state.taken[account, default: 0] += 1
    return nil
  }

  private func giveBack(_ account: UUID) {
    let next = state.withLock { state -> CheckedContinuation<Problem?, Never>? in
      // Whoever waits gets the very place, which is never free meanwhile.
      if let first = state.waiting[account]?.first {
        state.waiting[account]?.removeFirst()
        return first.place
      }
      state.waiting[account] = nil
      let left = state.taken[account, default: 1] - 1
      state.taken[account] = left > 0 ? left : nil
      return nil
    }
    next?.resume(returning: nil)
  }

  private var ownAreTaken: Problem {
    Problem(
      .tooManyAtOnce, "\(perAccount) \(what) of this account are under way: wait until one is done",
      headers: [.retryAfter: "2"])
  }

  private var othersHaveNone: Problem {
    Problem(
      .tooManyAtOnce,
      "some \(what) of this account are under way, and the places left are for accounts that have none: wait until one is done",
      headers: [.retryAfter: "2"])
  }

  private var allAreTaken: Problem {
    Problem(
      .overloaded, "\(inAll) \(what) are under way, which is all that this server does at a time: try again shortly",
      headers: [.retryAfter: "5"])
  }
}
