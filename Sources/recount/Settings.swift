import Application
import Configuration
import Domain
import EventLog
import Foundation
import Logging
import Server

/// What the environment sets. Each key with its effect and default; a value that won't do is named at start.
///
/// | variable | effect | default |
/// |---|---|---|
/// | `DATABASE_URL` | the PostgreSQL to use: a libpq URI or connection string, TLS settings included. `recount migrate` needs the owner's | the private one, by `RECOUNT_DATA`/database_url |
/// | `DATABASE_URL_SERVER`, `DATABASE_URL_PROJECTOR`, `DATABASE_URL_AUDITOR`, `DATABASE_URL_ARCHIVER` | the same with the login of its own that a process of this kind has, which owns nothing | `DATABASE_URL`; of the private one `RECOUNT_DATA`/database_url.server and so on |
/// | `RECOUNT_DATA` | where the private database, logs and import memory live | `.recount` in `RECOUNT_HOME` |
/// | `RECOUNT_HOME` | the folder that holds Projections/ and EventSchemas/ | found upwards from the program, else the working folder |
/// | `RECOUNT_UPLOT` | the folder with uPlot's files, `uplot.js` and `uplot.css`, which charts are drawn with where scripts run; where they are not there, charts are SVG | `.build/uplot` in `RECOUNT_HOME`, where tools/run puts them |
/// | `RECOUNT_SHARDS` | shards of a log to be created, 1 to 1024; fixed from then on | 4 |
/// | `RECOUNT_CONNECTIONS` | database connections that a server process asks its questions over in all, 3 to 500: a quarter for what everybody passes (keys, log-ins, healthz), a quarter, at most 8, for what walks the log (exports, statements, voids), the rest for all else. Beside them one per shard appends and one flushes | 8 |
/// | `RECOUNT_TALLY_SECONDS` | how often a server writes what it did not accept, 1 to 3,600: what `/intake` and `refused` wait for, and what a crash may lose of them | 60 |
/// | `RECOUNT_SIGNING_KEY` | the file with the keys that checkpoints and statements are signed with; drawn at first use, for its owner alone | `signing.key` in `RECOUNT_DATA` |
/// | `RECOUNT_ARCHIVE` | the folder of the months that `recount archive` has moved out of the database; all who read old positions need it | `archive` in `RECOUNT_DATA` |
/// | `RECOUNT_ARCHIVE_AFTER_MONTHS` | how many whole months before the current one the database keeps, 0 to 1200: what `recount archive` goes by, and where it is set the schedule too | 13; the schedule archives nothing |
/// | `RECOUNT_URL` | the server that `recount import` sends to | `http://127.0.0.1:8080` |
/// | `RECOUNT_KEY` | the API key that `recount import` sends with | none: `--key` |
/// | `RECOUNT_TRUSTED_PROXY` | proxies whose X-Forwarded-For or Forwarded (RFC 7239) tells a client's address: addresses or ranges such as 10.0.0.0/8, separated by commas | none: the socket's other end is the client |
/// | `RECOUNT_MAX_CLIENTS` | connections of clients that a server process has open at a time, 8 to 1000000; lowered to what its limit of open files leaves | 4096 |
/// | `RECOUNT_MAX_CLIENTS_PER_ADDRESS` | those of one client address, 1 to 1000000; at most half of all. A trusted proxy is not held to it | 512 |
/// | `RECOUNT_DELETION_GRACE_DAYS` | days that a person who wants to be erased has to think better of it, 0 to 365 | 30 |
/// | `RECOUNT_PUBLIC_URL` | where people reach the server: what links in mails begin with. With https, browsers are told to come by nothing else (Strict-Transport-Security) | `http://127.0.0.1:PORT` |
/// | `SMTP_URL` | the server that mails go through: `smtp[s]://[user:password@]host[:port][?tls=required\|none]`, user and password percent-encoded. `smtp` requires STARTTLS, save with `tls=none` or to this machine itself; port 587, or 465 for `smtps` | none: mails become files in `RECOUNT_DATA`/outbox |
/// | `SMTP_CA_FILE` | certificates to trust for it, in a PEM file | the system's |
/// | `RECOUNT_MAIL_FROM` | the sender of mails: an address, or `Name <address>` | none with `SMTP_URL`, else `Recount <recount@localhost>` |
/// | `RECOUNT_LOG_MAIL_LINKS` | `yes`: where mails become files, the server's log has their links too, for trying things out; each is as good as a password | no: the outbox alone has them |
/// | `RECOUNT_REDIS_URL` | the Redis in which API keys' calls are counted for all servers together: `redis://[[user]:password@]host[:port][/database]` or `unix://[:password@]/path/of.socket[?db=database]`. While it is away each server goes by its share, as without | none: a key's rate is divided by the number of servers |
/// | `STRIPE_API_KEY` | sells tiers through the account at Stripe that this secret key opens, `sk_test_…` or `sk_live_…`, by which money moves or does not; then `recount billing setup` | none: tiers are granted, nothing is sold |
/// | `STRIPE_WEBHOOK_SECRETS` | what Stripe signs its deliveries with, `whsec_…`, separated by commas while one takes the place of another | that of the endpoint that `recount billing setup` made |
/// | `STRIPE_API_BASE` | where Stripe's API answers: another only to test against | `https://api.stripe.com` |
/// | `STRIPE_TAX` | has Stripe Tax reckon tax on what is sold: `inclusive`, in the prices, or `exclusive`, on top of them. After a change of it: `recount billing setup` | none: no tax is reckoned |
/// | `RECOUNT_SUPPORT` | the address at which accounts with priority support ask for help: it stands on each page about them, with a reference | none: nobody is offered any |
/// | `RECOUNT_SLACK_HOSTS` | origins beside Slack's own that accounts' notices may be sent to, such as `https://chat.example.com`, separated by commas; trusted as written, whatever their network address is | none: hooks.slack.com and hooks.slack-gov.com alone |
/// | `RECOUNT_THROTTLE` | `on`, or `off`: every key may call as fast as it can, whatever its account pays for | on |
/// | `LOG_LEVEL` | trace, debug, info, notice, warning, error or critical | info |
struct Settings {
  let home: URL
  let data: URL
  let plots: URL
  let shards: Int?
  let connections: Int
  let tallyInterval: Duration
  let archive: ArchiveFolder
  let archiveAfterMonths: Int?
  let people: PeopleSettings
  let limits: ServerLimits
  let redis: RedisAddress?
  let isThrottling: Bool
  let billing: BillingSettings?
  let slackOrigins: SlackOrigins
  let support: EmailAddress?
  let logLevel: Logger.Level
  private let givenDatabase: String?
  private let givenLogins: [Compose.Role: String]

  init(environment: ConfigReader = ConfigReader(provider: EnvironmentVariablesProvider())) throws {
    home = environment.string(forKey: "recount.home").map { URL(filePath: $0) } ?? Self.findHome()
    data = environment.string(forKey: "recount.data").map { URL(filePath: $0) } ?? home.appending(path: ".recount")
    plots =
      environment.string(forKey: "recount.uplot").map { URL(filePath: $0) } ?? home.appending(path: ".build/uplot")
    givenDatabase = environment.string(forKey: "database.url")
    givenLogins = Compose.Role.allCases.reduce(into: [:]) { logins, role in
      logins[role] = environment.string(forKey: ConfigKey(["database", "url", role.word]))
    }
    shards = try Self.integer("RECOUNT_SHARDS", environment.string(forKey: "recount.shards"), in: 1...1024)
    connections =
      try Self.integer("RECOUNT_CONNECTIONS", environment.string(forKey: "recount.connections"), in: 3...500) ?? 8
    tallyInterval = .seconds(
      try Self.integer("RECOUNT_TALLY_SECONDS", environment.string(forKey: "recount.tally.seconds"), in: 1...3_600)
        ?? 60)
    archive = ArchiveFolder(
      environment.string(forKey: "recount.archive").map { URL(filePath: $0) } ?? data.appending(path: "archive"))
    archiveAfterMonths = try Self.integer(
      "RECOUNT_ARCHIVE_AFTER_MONTHS", environment.string(forKey: "recount.archive.after.months"), in: 0...1_200)
    people = PeopleSettings(
      deletionGraceDays: try Self.integer(
        "RECOUNT_DELETION_GRACE_DAYS", environment.string(forKey: "recount.deletion.grace.days"), in: 0...365) ?? 30,
      trustedProxies: try Self.proxies(environment.string(forKey: "recount.trusted.proxy")))
    limits = try Self.limits(environment)
    redis = try Self.redis(environment.string(forKey: "recount.redis.url", isSecret: true))
    isThrottling = try Self.isOn("RECOUNT_THROTTLE", environment.string(forKey: "recount.throttle"))
    billing = try Self.billing(environment)
    support = try Self.support(environment.string(forKey: "recount.support"))
    slackOrigins = try Self.slackOrigins(environment.string(forKey: "recount.slack.hosts"))
    let level = environment.string(forKey: "log.level", default: "info")
    guard let logLevel = Logger.Level(rawValue: level.lowercased()) else {
      throw SettingError(
        key: "LOG_LEVEL", found: level, allowed: Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self.logLevel = logLevel
  }

  /// The database to use, by the login of a role where it has one, else the owner's; or an error that says how to get one.
  func databaseURL(as role: Compose.Role?) throws -> String {
    if let given = role.flatMap({ givenLogins[$0] }), !given.isEmpty { return given }
    if let givenDatabase, !givenDatabase.isEmpty { return givenDatabase }
    guard let url = role.flatMap({ noted("database_url.\($0.word)") }) ?? noted("database_url") else {
      throw SettingError(
        key: "DATABASE_URL", found: "nothing, and no private database at \(data.path)",
        allowed:
          "a running PostgreSQL: start tools/run, or set DATABASE_URL, or RECOUNT_DATA to where tools/run keeps its data"
      )
    }
    return url
  }

  /// What tools/run has left in a file for us.
  private func noted(_ name: String) -> String? {
    (try? String(contentsOf: data.appending(path: name), encoding: .utf8))?
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Where the server that tools/run keeps answers; its default address where none runs.
  var serverAddress: String {
    noted("run/address") ?? "http://127.0.0.1:8080"
  }

  var projections: URL { home.appending(path: "Projections") }
  var schemas: URL { home.appending(path: "EventSchemas") }

  private static func limits(_ environment: ConfigReader) throws -> ServerLimits {
    var limits = ServerLimits()
    limits.connections =
      try integer("RECOUNT_MAX_CLIENTS", environment.string(forKey: "recount.max.clients"), in: 8...1_000_000)
      ?? limits.connections
    limits.connectionsPerAddress =
      try integer(
        "RECOUNT_MAX_CLIENTS_PER_ADDRESS", environment.string(forKey: "recount.max.clients.per.address"),
        in: 1...1_000_000) ?? limits.connectionsPerAddress
    return limits
  }

  private static func proxies(_ text: String?) throws -> TrustedProxies {
    guard let text else { return .none }
    guard let proxies = TrustedProxies(text) else {
      throw SettingError(
        key: "RECOUNT_TRUSTED_PROXY", found: text,
        allowed: "addresses or ranges such as 10.0.0.0/8, separated by commas")
    }
    return proxies
  }

  private static func redis(_ text: String?) throws -> RedisAddress? {
    guard let text, !text.isEmpty else { return nil }
    guard let address = RedisAddress(text) else {
      throw SettingError(
        key: "RECOUNT_REDIS_URL", found: "something else (it may hold a password)", allowed: RedisAddress.allowed)
    }
    return address
  }

  private static func support(_ text: String?) throws -> EmailAddress? {
    guard let text, !text.isEmpty else { return nil }
    guard let address = EmailAddress(text) else {
      throw SettingError(key: "RECOUNT_SUPPORT", found: text, allowed: "an e-mail address")
    }
    return address
  }

  private static func slackOrigins(_ text: String?) throws -> SlackOrigins {
    guard let origins = SlackOrigins(text ?? "") else {
      throw SettingError(key: "RECOUNT_SLACK_HOSTS", found: text ?? "", allowed: SlackOrigins.allowed)
    }
    return origins
  }

  private static func isOn(_ key: String, _ text: String?) throws -> Bool {
    switch text {
    case nil, "on": return true
    case "off": return false
    case let other?: throw SettingError(key: key, found: other, allowed: "on or off")
    }
  }

  private static func integer(_ key: String, _ text: String?, in range: ClosedRange<Int>) throws -> Int? {
    guard let text else { return nil }
    guard let value = Int(text), range.contains(value) else {
      throw SettingError(key: key, found: text, allowed: "\(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// Upwards from the program: it is built into .build of the checkout that holds the folders.
  private static func findHome() -> URL {
    let here = URL(filePath: FileManager.default.currentDirectoryPath)
    var folder = (Bundle.main.executableURL ?? here).resolvingSymlinksInPath()
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      if FileManager.default.fileExists(atPath: folder.appending(path: "Projections").path) { return folder }
    }
    return here
  }
}

/// A setting that won't do.
struct SettingError: Error, CustomStringConvertible {
  let key: String
  let found: String
  let allowed: String
  var description: String { "\(key): found \(found); allowed: \(allowed)" }
}
