import Application
import ArgumentParser
import Domain
import EventLog
import Foundation
import Server

extension AccountVerb {
  /// `recount account grant`
  struct GrantVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "grant", abstract: "Grant an account more than it pays for.",
      discussion: """
        An account has the higher of what it was granted and what its tier gives, on every server within a second. A grant takes \
        the place of the one before, with all that it does not name. It stays in the log with its reason.

        A quota that is granted counts for every month (UTC) that begins before the grant ends; one that is taken back, or \
        replaced by less, stays until the month ends.
        """)

    @Option(help: "The account's id.")
    var account: UUID

    @Option(help: "A tier that it has at least: \(Tier.allInWords); its projects, its detail and its rates, too.")
    var tier: Tier?

    @Option(help: "Live events a month that it may track at least.")
    var quota: Int?

    @Option(help: "Calls a second that each of its keys may make.")
    var requestsPerSecond: Int?

    @Option(help: "Bytes a second that each of its keys may send, bodies as sent.")
    var bytesPerSecond: Int?

    @Option(
      help: "When the grant ends, such as 2026-12-24T10:00:00Z or 2026-12-24 (midnight UTC); never when left out.")
    var until: AuditTime?

    @Option(help: "Why: 1 to 500 characters, kept in the log for ever.")
    var reason: String

    @Flag(help: "Take back what was granted.")
    var revoke = false

    func validate() throws {
      if revoke, !isEmpty || until != nil {
        throw ValidationError("--revoke: takes back all that was granted, so nothing else can be granted with it")
      }
      if !revoke, isEmpty {
        throw ValidationError(
          "found nothing to grant; allowed: --tier, --quota, --requests-per-second, --bytes-per-second, or --revoke")
      }
    }

    private var isEmpty: Bool { tier == nil && quota == nil && requestsPerSecond == nil && bytesPerSecond == nil }

    func run() async throws {
      let compose = try Compose()
      let log = try await compose.log()
      let grant = AccountGrant(
        tier: tier, monthlyQuota: quota, requestsPerSecond: requestsPerSecond, bytesPerSecond: bytesPerSecond,
        until: until?.instant.toMillisecond)
      do {
        let isNew = try await GrantAccount(log: log)(grant, to: account, because: reason)
        try await DirectoryCatchUp(compose: compose).run()
        let stream = StreamID.account(account, shard: log.shards.shard(of: account))
        report(try await log.load(Account.self, from: stream).state, isNew)
      } catch Account.Failure.notOpen {
        throw ValidationError("--account: no account has the id \(account.uuidString.lowercased())")
      } catch let error as Account.Failure {
        throw ValidationError(error.description)
      }
      await log.close()
    }

    private func report(_ account: Account, _ isNew: Bool) {
      guard isNew else {
        Terminal.say("the account was granted nothing: nothing was changed")
        return
      }
      let now = SystemClock().now
      let rate = account.grant.callRate(of: account.tier, at: now)
      let end = until.map { " until \($0.instant)" } ?? ""
      Terminal.say(
        """
        the account has tier \(account.tier(at: now).rawValue), and this month \
        \(account.quota.of(CalendarMonth(of: now)).live) events; each of its keys may make \(rate.requestsPerSecond) calls \
        and send \(rate.bytesPerSecond) bytes a second\(revoke ? ", as tier \(account.tier.rawValue) gives" : end)
        """)
    }
  }
}
