import ArgumentParser
import Domain
import EventLog
import Foundation
import Server

extension AccountVerb {
  /// `recount account grant`
  struct GrantVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "grant", abstract: "Let an account's keys call faster than its tier says.",
      discussion: """
        An account has the higher of what it was granted and what its tier gives, on every server within a second. A grant takes \
        the place of the one before, with all that it does not name. It stays in the log with its reason.
        """)

    @Option(help: "The account's id.")
    var account: UUID

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
      let isNamed = requestsPerSecond != nil || bytesPerSecond != nil
      if revoke, isNamed || until != nil {
        throw ValidationError("--revoke: takes back all that was granted, so nothing else can be granted with it")
      }
      if !revoke, !isNamed {
        throw ValidationError("found nothing to grant; allowed: --requests-per-second, --bytes-per-second, or --revoke")
      }
    }

    func run() async throws {
      let compose = try Compose()
      let log = try await compose.log()
      let grant = AccountGrant(
        requestsPerSecond: requestsPerSecond, bytesPerSecond: bytesPerSecond, until: until?.milliseconds)
      do {
        let isNew = try await GrantAccount(log: log)(grant, to: account, because: reason)
        try await DirectoryCatchUp(compose: compose).run()
        let tier = try await log.load(Account.self, from: .account(account, shard: log.shards.shard(of: account)))
          .state.tier
        report(grant, tier, isNew)
      } catch Account.Failure.notOpen {
        throw ValidationError("--account: no account has the id \(account.uuidString.lowercased())")
      } catch let error as Account.Failure {
        throw ValidationError(error.description)
      }
      await log.close()
    }

    private func report(_ grant: AccountGrant, _ tier: Tier, _ isNew: Bool) {
      guard isNew else {
        Terminal.say("the account was granted nothing: nothing was changed")
        return
      }
      let rate = grant.callRate(of: tier, at: SystemClock().milliseconds)
      let end = until.map { " until \($0.date.formatted(AuditTime.style))" } ?? ""
      let why = revoke ? ", as tier \(tier.rawValue) gives" : end
      Terminal.say(
        "each key of the account may make \(rate.requestsPerSecond) calls and send \(rate.bytesPerSecond) bytes a second\(why)"
      )
    }
  }
}
