package import Domain

/// Requests that were asked for, latest first, as far as one call looks.
package struct RequestPage: Sendable, Equatable {
  /// Why a search ended before it had as many as were asked for, or all.
  package enum Stop: String, Sendable, CaseIterable {
    /// It has looked at as much as a call may (``RequestBudget``); ``next`` goes on.
    case cost
    /// What comes next lies in an archived month that can't be read here.
    case archive
  }

  /// None between them is left out.
  package let requests: [FoundRequest]
  /// After which the next page begins; nil where nothing is left that could be found.
  package let next: RequestPlace?
  /// Nil: it has as many as were asked for, or all.
  package let stop: Stop?
  /// From when on all that there is has been looked at.
  package let searchedFrom: Instant
}

/// How much a call may look at. What is beyond is for the next call.
package struct RequestBudget: Sendable {
  /// Requests, of those in batches that may hold what is looked for.
  package var events: Int64
  /// Rows that say where requests lie.
  package var rows: Int
  /// For how long, once it has looked at a tenth of the above.
  package var time: Duration

  /// A budget.
  package init(events: Int64 = 100_000, rows: Int = 20_000, time: Duration = .milliseconds(300)) {
    self.events = events
    self.rows = rows
    self.time = time
  }

  /// What a dashboard waits for.
  package static let standard = RequestBudget()

  /// What a count over the log may look at: it has no next page.
  package static let count = RequestBudget(events: 2_000_000, rows: 200_000, time: .seconds(5))

  /// What is left of it, but half of it at least: the other span of an answer is counted when the first has been.
  func left(after spent: Spent) -> RequestBudget {
    RequestBudget(
      events: max(events - spent.events, events / 2), rows: max(rows - spent.rows, rows / 2),
      time: max(time - spent.time, time / 2))
  }

  /// To read a frame of the archive costs as much as to look at so many requests.
  var frameCost: Int64 { min(10_000, events / 10) }

  /// What has been spent of one.
  struct Spent {
    private let began = ContinuousClock.now
    var events: Int64 = 0
    var rows = 0

    var time: Duration { ContinuousClock.now - began }

    func isAll(of budget: RequestBudget) -> Bool {
      if events >= budget.events || rows >= budget.rows { return true }
      guard events >= budget.events / 10 || rows >= budget.rows / 10 else { return false }
      return time >= budget.time
    }
  }
}

/// So many requests of one moment must be looked at that a call can't tell which of them are the latest.
package struct RequestsTooDense: Error, Sendable, Equatable {
  /// The moment, which it has come to.
  package let time: Instant
}
