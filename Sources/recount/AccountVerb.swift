public import ArgumentParser
public import Domain
import EventLog
import Foundation
import Postgres
import Projector
import Server

/// `recount account …`
struct AccountVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "account", abstract: "Open accounts, change what they pay for, and grant them more.",
    subcommands: [Open.self, TierVerb.self, GrantVerb.self])

  /// `recount account open`
  struct Open: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Open an account with a first project and key. The key is shown once.")

    @Option(help: "The owner's e-mail address; one person may own several accounts.")
    var email: String

    @Option(help: "What the first project is called.")
    var project: String

    @Option(help: "free (1,000 events a month), pro (100,000) or business (10,000,000).")
    var tier = Tier.free

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
      guard let address = EmailAddress(email) else {
        throw ValidationError("--email: found \(email); allowed: an address such as me@example.com")
      }
      let compose = try Compose()
      let log = try await compose.log()
      let opened = try await OpenAccount(log: log, vault: Vault(pool: log.pool))(
        email: address, project: project, tier: tier)
      try await DirectoryCatchUp(compose: compose).run()
      await log.close()
      report(opened, address: compose.settings.serverAddress)
    }

    private func report(_ opened: OpenAccount.Opened, address: String) {
      let account = opened.accountID.uuidString.lowercased()
      let project = opened.projectID.uuidString.lowercased()
      let key = opened.keyID.uuidString.lowercased()
      guard !json else {
        Terminal.say(
          json: #"{"account_id": "\#(account)", "project_id": "\#(project)", "key_id": "\#(key)", "#
            + #""tier": "\#(tier.rawValue)", "api_key": "\#(opened.apiKey.secret)"}"#)
        return
      }
      Terminal.say(
        """
        account  \(account)  (\(tier.rawValue), \(tier.monthlyQuota) events a month, and \(tier.testQuota) test events)
        project  \(project)  (\(self.project))
        key      \(key)
        api key  \(opened.apiKey.secret)

        Keep the key now: it is stored only as a hash and won't be shown again. Next:

          tools/sample-log >sample.log
          .build/release/recount import sample.log --format openstack --url \(address) --key \(opened.apiKey.secret)
        """)
    }
  }
}

extension Tier: ExpressibleByArgument {}
