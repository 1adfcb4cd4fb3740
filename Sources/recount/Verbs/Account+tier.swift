import Application
import ArgumentParser
import Domain
import EventLog
import Foundation
import Postgres
import Server

extension AccountVerb {
  /// `recount account tier`
  struct TierVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "tier",
      abstract: "Change what an account pays for. More counts at once, less from the next month on.",
      discussion: """
        What was used of the month stays used. A lower tier keeps less detail, but not before \(TierHistory.noticeDays) days have \
        passed; an upgrade until then keeps it all. Projects beyond its room stay; there is no room for another. The same tier \
        again gives the account the numbers that the tier has by now.
        """)

    @Option(help: "The account's id.")
    var account: UUID

    @Option(help: "\(Tier.allInWords).")
    var tier: Tier

    func run() async throws {
      let compose = try Compose()
      let log = try await compose.log()
      do {
        let isNew = try await ChangeTier(log: log)(account, to: tier)
        try await DirectoryCatchUp(compose: compose).run()
        report(isNew)
      } catch Account.Failure.notOpen {
        throw ValidationError("--account: no account has the id \(account.text)")
      } catch let error as Account.Failure {
        throw ValidationError(error.description)
      }
      await log.close()
    }

    private func report(_ isNew: Bool) {
      guard isNew else {
        Terminal.say("the account is on tier \(tier.rawValue) already: nothing was changed")
        return
      }
      Terminal.say(
        """
        the account is on tier \(tier.rawValue) from now on: \(tier.monthlyQuota) events a month, and \(tier.testQuota) test events; \
        this month has no fewer than it had
        detail is kept for \(tier.detailDays) days; what a larger tier has kept beyond goes in \(TierHistory.noticeDays) days, daily \
        totals stay
        """)
    }
  }
}
