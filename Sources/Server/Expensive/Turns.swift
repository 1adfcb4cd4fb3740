import Foundation
import HTTPTypes
import Synchronization

/// Lets few of a kind go on at a time: for each account, so that one can't take all of them, and in all, so that they can't take more than there
/// is. Whoever comes when there is none free is told so at once.
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
  private let taken = Mutex<[UUID: Int]>([:])

  init(of what: String, perAccount: Int, inAll: Int) {
    self.what = what
    self.perAccount = perAccount
    self.inAll = inAll
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
    let refusal = taken.withLock { taken -> Problem? in
      let (own, all) = (taken[account, default: 0], taken.values.reduce(0, +))
      if own >= perAccount { return ownAreTaken }
      if all >= inAll { return allAreTaken }
      if own > 0, all >= inAll / 2 { return othersHaveNone }
      taken[account, default: 0] += 1
      return nil
    }
    if let refusal { throw refusal }
    return Turn(self, account)
  }

  private func giveBack(_ account: UUID) {
    taken.withLock { taken in
      let left = taken[account, default: 1] - 1
      taken[account] = left > 0 ? left : nil
    }
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
