import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import NIOCore
import TestDatabase
import Testing

/// Two people in two browsers, who look at pages and keep what they saw, while things happen.
struct PageTagWalk {
  /// What may happen between two looks.
  enum Happening: CaseIterable {
    case tracked, counted, voided
    case renamedProject, renamedAccount, annotated, savedView
    case changedRole, left, changedTier, granted
    case changedTheme, changedZone, changedPeople
    case seconds, minute, quarter, keysEnd
  }

  private let service: Service
  private let people: [Service.SignedUp]
  private let browsers: [Browser]
  private let shop: Shop
  private let pages: [String]
  /// Just before the shop's key ends.
  private let keysEnd: Instant
  private var random: Seeded
  /// By browser, page and tag, what was shown: whoever sits before it.
  private var kept: [[String: [String: String]]]
  /// Who sits there.
  private var places = [0, 1]
  private var past: [String] = []

  init(_ service: Service, seed: Int) async throws {
    self.service = service
    let (owner, one) = try await service.browsing()
    let (member, two) = try await service.browsing()
    keysEnd = service.clock.now + .days(10) - .seconds(10)
    shop = try await service.shop(of: owner, in: one)
    // The member has an account of their own besides.
    let other = try await service.shop(of: member, in: two, named: "another")
    (people, browsers, kept) = ([owner, member], [one, two], [[:], [:]])
    random = Seeded(seed)
    let (path, clock) = ("/projects/\(shop.project)", service.clock)
    let parts = [
      "", "?period=24h&compare=weekday", "?period=month&chart=latency", "?status=5xx", "?search=servers",
      "?from=\(clock.time(-3_600))&to=\(clock.time(90))",
      "?interval=minute&from=\(clock.time(-1_800))&to=\(clock.time(600))",
      "?table=endpoints&sort=errors", "?table=consumers", "?format=csv", "?done=saved", "/requests",
      "/requests?status=5xx",
    ]
    pages =
      ["/home", "/home?account=\(shop.account)", "/projects/\(other.project)", "/projects/\(UUID().text)"]
      + parts.map { path + $0 }
    try await join()
    try await service.catchUp()
    try await service.settled(seenBy: one)
  }

  /// Something happens.
  mutating func go() async throws {
    guard let next = Happening.allCases.randomElement(using: &random) else { return }
    past.append("\(next)")
    try await happen(next)
  }

  /// Somebody looks at a page with all that they have kept of it, with nothing, and once more with all: nothing has happened since.
  mutating func look() async throws {
    let place = Int.random(in: 0..<browsers.count, using: &random)
    guard let page = pages.randomElement(using: &random) else { return }
    let (browser, known) = (browsers[place], kept[place][page] ?? [:])
    let answer = try await browser.get(page, having: Self.list(known))
    let fresh = try await browser.get(page)
    let now = "\(page) at \(service.clock.now) after \(past.suffix(20))"
    if answer.status == 304 {
      let tag = try #require(answer.header("ETag"), "\(now)")
      #expect(fresh.status == 200 && known[tag] == fresh.text, "told that it was what it is not: \(now)")
    } else {
      #expect(answer.status == fresh.status && (fresh.status != 200 || answer.text == fresh.text), "\(now)")
    }
    guard fresh.status == 200 else { return }
    let tag = try #require(fresh.header("ETag"), "\(now)")
    #expect((known[tag] ?? fresh.text) == fresh.text, "two pages with one tag: \(now)")
    kept[place][page, default: [:]][tag] = fresh.text
    let again = try await browser.get(page, having: Self.list(kept[place][page] ?? [:]))
    #expect(again.status == 304 && again.header("ETag") == tag, "\(now)")
  }

  private static func list(_ known: [String: String]) -> String {
    known.isEmpty ? "\"none\"" : known.keys.sorted().joined(separator: ", ")
  }

  private mutating func happen(_ what: Happening) async throws {
    let number = Int.random(in: 0..<3, using: &random)
    switch what {
    case .tracked:
      let after = -Double.random(in: 0..<7_200, using: &random)
      let status = ["200", "404", "503"].randomElement(using: &random)
      // Refused once the key has ended, or the quota is used up.
      _ = try await service.track(
        [EventText(service.clock, after: after).with("status_code", status)].call(), key: shop.key)
    case .counted: try await service.catchUp()
    case .voided:
      let access = try await service.logIn(people[0]).access
      let span = #""from": "\#(service.clock.time(-7_200))", "to": "\#(service.clock.time(-3_600))""#
      _ = try await service.send(
        .post, "/api/v1/projects/\(shop.project)/voids", key: access,
        body: ByteBuffer(string: #"{\#(span), "reason": "test"}"#))
    case .renamedProject: try await project(.rename("shop \(number)"))
    case .annotated:
      let at = service.clock.now - .minutes(30)
      try await project(.annotate(.init(id: UUID(), at: at, until: nil, text: "a sale")))
    case .savedView: try await project(.saveView(.init(id: UUID(), name: "errors", query: "status=5xx")))
    case .renamedAccount: try await account(.name("ours \(number)"))
    case .changedRole:
      guard let role = Account.Role.allCases.filter({ $0 != .owner }).randomElement(using: &random) else { return }
      try await account(.changeRole(of: people[1].id, to: role))
    case .left: if try await !isMember { try await join() } else { try await account(.removeMember(people[1].id)) }
    case .changedTier:
      let tier = Tier.allCases.randomElement(using: &random) ?? .pro
      try await account(.changeTier(tier, because: .operator, at: service.clock.now))
    case .granted:
      let grant = AccountGrant(tier: .business, until: service.clock.now + .seconds(40))
      try await account(.grant(grant, because: "a trial", at: service.clock.now))
    default: try await happenToBrowser(what)
    }
  }

  private mutating func happenToBrowser(_ what: Happening) async throws {
    let place = Int.random(in: 0..<browsers.count, using: &random)
    let browser = browsers[place]
    switch what {
    case .changedTheme:
      let theme = ["system", "light", "dark"].randomElement(using: &random) ?? "dark"
      _ = try await browser.post("/settings/theme", ["theme": theme])
    case .changedZone:
      let zone = ["", "Asia/Kolkata", "America/New_York"].randomElement(using: &random) ?? ""
      _ = try await browser.post("/settings/profile", ["name": "", "time_zone": zone])
    case .changedPeople:
      _ = try await browser.post("/log-out")
      places[place] = 1 - places[place]
      let person = people[places[place]]
      let answer = try await browser.post("/log-in", ["email": person.email, "password": person.password])
      #expect(answer.status == 303, "\(answer.text)")
    case .seconds: service.clock.advance(seconds: 20)
    case .minute: service.clock.advance(seconds: 60)
    case .quarter: service.clock.advance(seconds: 900)
    case .keysEnd:
      guard service.clock.now < keysEnd else { return }
      service.clock.set(to: keysEnd)
      // Sessions are prolonged by whoever comes next, and again until that is known: events that are no part of this.
      for browser in browsers { _ = try await browser.get("/settings") }
      try await service.catchUp()
      // So long an end is remembered.
      service.clock.advance(seconds: 1)
    default: Issue.record("nothing happens: \(what)")
    }
  }

  private func id(_ text: String) throws -> UUID { try #require(UUID(uuidString: text)) }

  private var accountStream: StreamID {
    get throws {
      let account = try id(shop.account)
      return .account(account, shard: service.test.log.shards.shard(of: account))
    }
  }

  private var isMember: Bool {
    get async throws {
      try await service.test.log.load(Account.self, from: accountStream).state.members[people[1].id] != nil
    }
  }

  private func account(_ command: Account.Command) async throws {
    // What can't be done any more, such as to change the role of whoever has left, is left.
    do { try await service.test.log.handle(command, by: Account.self, on: accountStream) } catch is Account.Failure {}
  }

  private func project(_ command: Project.Command) async throws {
    let account = try id(shop.account)
    let stream = StreamID.project(try id(shop.project), of: account, shard: service.test.log.shards.shard(of: account))
    do { try await service.test.log.handle(command, by: Project.self, on: stream) } catch is Project.Failure {}
  }

  private func join() async throws {
    let (invitation, hash) = (UUID(), String(repeating: "ab", count: 32))
    let invited = MemberInvited(
      accountID: try id(shop.account), invitationID: invitation, emailDigest: hash, emailSealed: "c2VhbGVk",
      role: .member, tokenHash: hash, expiresAt: service.clock.now + .days(1), invitedBy: people[0].id)
    try await account(.invite(invited, invitee: nil, at: 0))
    try await account(.accept(invitation: invitation, tokenHash: hash, by: people[1].id, at: 0))
  }
}
