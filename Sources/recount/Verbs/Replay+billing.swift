import Application
import ArgumentParser
import Domain
import Foundation
import Postgres

extension Replay {
  /// The second half of `recount replay --check`: an auditor's eyes are enough for it. Whether what is said of money follows from what Stripe said.
  func foldBilling(_ pool: Pool) async throws -> Bool {
    let report = try await BillingCheck(pool: pool)()
    await pool.close()
    if !report.isEmpty { Self.show(report) }
    return report.isClean
  }

  /// Nothing of a log that money is not in.
  private static func show(_ report: BillingCheckReport) {
    let verdict = report.isClean ? "the same" : "\(report.differing) DIFFER"
    Terminal.say(
      "\("Stripe's facts".padding(toLength: 24, withPad: " ", startingAt: 0)) \(report.facts) facts, \(verdict)")
    for difference in report.differences { Terminal.say("  \(difference)") }
    for (count, what) in [
      (
        report.waiting, "customers wait for a server to say what follows from their last facts: check again in a moment"
      ),
      (
        report.left,
        "customers are of a side of Stripe that another was set up after: their last facts are not followed"
      ),
      (report.unlinked, "customers have subscriptions, and no account is linked to them: they give nobody anything"),
    ] where count > 0 {
      Terminal.say("  \(count) \(what)")
    }
    guard report.isClean else {
      Terminal.say("What is said of money does NOT follow from what Stripe said: \(report.differing) things differ.")
      return
    }
    Terminal.say(
      """
      Folding \(report.facts) facts of \(report.customers) customers at Stripe anew gives exactly the subscriptions and tiers that the log has of \
      \(report.accounts) accounts.
      """)
  }
}
