import Application
import ArgumentParser
package import Domain
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

    @Option(help: "What the account is called; its members can name it later.")
    var name: String?

    @Option(help: "What the first project is called.")
    var project: String

    @Option(help: "\(Tier.allInWords).")
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
        email: address, project: project, tier: tier, account: name)
      // First of all: nobody else has the key, and whatever fails from here on can be done again.
      report(opened, address: compose.settings.serverAddress)
      if let failure = opened.welcomeFailure {
        Terminal.note(
          """
          The account is open, but its owner gets no mail to choose a password (\(failure)): let them ask for one, as for a password that \
          was forgotten.
          """)
      }
      try await DirectoryCatchUp(compose: compose).run()
      await log.close()
    }

    private func report(_ opened: OpenAccount.Opened, address: String) {
      let account = opened.accountID.text
      let project = opened.projectID.text
      let key = opened.keyID.text
      guard !json else {
        let members: [String: JSONValue] = [
          "account_id": .string(account), "project_id": .string(project), "key_id": .string(key),
          "name": name.map(JSONValue.string) ?? .null, "tier": .string(tier.rawValue),
          "api_key": .string(opened.apiKey.secret),
        ]
        Terminal.say(json: JSONValue.object(members).text)
        return
      }
      Terminal.say(
        """
        account  \(account)  (\(name.map { "\($0), " } ?? "")\(tier.rawValue), \(tier.monthlyQuota) events a month, and \(tier.testQuota) test events)
        project  \(project)  (\(self.project))
        key      \(key)
        api key  \(opened.apiKey.secret)

        Keep the key now: it is stored only as a hash and won't be shown again. The owner gets a mail with a link to choose a
        password, unless they have one. Next:

          tools/sample-log >sample.log
          .build/release/recount import sample.log --format openstack --url \(address) --key \(opened.apiKey.secret)
        """)
    }
  }
}

extension Tier: ExpressibleByArgument {
  /// With what each gives.
  static var allInWords: String {
    allCases.map {
      "\($0.rawValue) (\(Int64($0.monthlyQuota).grouped) events a month)"
    }
    .joined(separator: ", ")
  }
}
