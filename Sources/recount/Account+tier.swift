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
      commandName: "tier", abstract: "Change what an account pays for. The quota follows at once, up and down.",
      discussion: """
        What was used of the month stays used. A lower tier keeps less detail, but not before 7 days have passed; an upgrade \
        until then keeps it all.
        """)

    @Option(help: "The account's id.")
    var account: UUID

    @Option(help: "free (1,000 events a month), pro (100,000) or business (10,000,000).")
    var tier: Tier

    func run() async throws {
      let compose = try Compose()
      let log = try await compose.log()
      do {
        let isNew = try await ChangeTier(log: log)(account, to: tier)
        try await DirectoryCatchUp(compose: compose).run()
        report(isNew)
      } catch Account.Failure.notOpen {
        throw ValidationError("--account: no account has the id \(account.uuidString.lowercased())")
      } catch let error as Account.Failure {
        guard case .tooManyProjects(let projects, _) = error else { throw error }
        let names = try await names(of: projects, log, QueryCatalog(folder: compose.settings.projections))
        throw ValidationError("--tier: \(error.description), of \(names)")
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
        the account is on tier \(tier.rawValue) from now on: \(tier.monthlyQuota) events a month, and \(tier.testQuota) test events
        detail is kept for \(tier.detailDays) days; what a larger tier has kept beyond goes in \(TierHistory.noticeDays) days, daily \
        totals stay
        """)
    }

    private func names(of projects: Set<UUID>, _ log: Log, _ queries: QueryCatalog) async throws -> String {
      let page: [any PostgresEncodable] = [false, Date?.none, UUID?.none, Int32(projects.count)]
      let rows = try await log.pool.query(
        Query(queries.text("directory", "projects"), [Int32(log.shards.shard(of: account)), account] + page))
      return try rows.map { row in
        let id = try row.decode("project_id", as: UUID.self).uuidString.lowercased()
        return "\(try row.decode("name", as: String.self)) (\(id))"
      }.joined(separator: ", ")
    }
  }
}
