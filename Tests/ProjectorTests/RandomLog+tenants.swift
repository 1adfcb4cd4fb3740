import Domain
import EventLog
import Foundation
import TestDatabase

/// What people do to accounts, projects and keys, possible or not: what a decider turns down leaves nothing in the log.
extension RandomLog {
  mutating func administer(_ source: TelemetrySource) async throws {
    let shard = test.shard(of: source)
    let account = StreamID(name: "account-\(source.accountID)", shard: shard, accountID: source.accountID)
    do {
      // In the log of a real one it stands beside the opening; here it may lie in another cut.
      if Int.random(in: 0..<20, using: &random) == 0 { return try await markDemo(source.accountID, account) }
      if Bool.random(using: &random) {
        let state = try await test.log.load(Account.self, from: account).state
        try await test.log.handle(accountCommand(source, state), by: Account.self, on: account)
      } else {
        let project = stream(of: source, shard)
        let state = try await test.log.load(Project.self, from: project).state
        try await test.log.handle(projectCommand(source, state), by: Project.self, on: project)
      }
    } catch is Account.Failure {} catch is Project.Failure {}
  }

  private func markDemo(_ id: UUID, _ account: StreamID) async throws {
    let version = try await test.log.load(Account.self, from: account).version
    let recipe = DemoRecipe(seed: 1, monthlyRequests: 2_000, from: .epoch)
    try await test.record(AccountMarkedDemo(accountID: id, recipe), on: account, after: version)
  }

  private mutating func accountCommand(_ source: TelemetrySource, _ state: Account) -> Account.Command {
    let user = state.members.keys.sorted { $0.uuidString < $1.uuidString }.randomElement(using: &random) ?? UUID()
    let invitation = state.invitations.keys.sorted { $0.uuidString < $1.uuidString }.randomElement(using: &random)
    let role = Account.Role.allCases.randomElement(using: &random) ?? .member
    let hash = String(repeating: "a1", count: 32)
    switch Int.random(in: 0..<46, using: &random) {
    case 0..<12:
      let digest = String(repeating: "0\(Int.random(in: 0...9, using: &random))", count: 32)
      return .invite(
        MemberInvited(
          accountID: source.accountID, invitationID: UUID(), emailDigest: digest, emailSealed: "c2VhbGVk", role: role,
          tokenHash: hash, expiresAt: 1_764_000_000_123, invitedBy: user), invitee: nil, at: 0)
    case 12..<24: return .accept(invitation: invitation ?? UUID(), tokenHash: hash, by: UUID(), at: 0)
    case 24..<27: return .revokeInvitation(invitation ?? UUID())
    case 27..<33: return .changeRole(of: user, to: role)
    case 33..<37: return .removeMember(user)
    case 37: return .addProject(source.projectID, at: 0)
    case 38: return .removeProject(source.projectID)
    case 39..<45: return .grant(grant(), because: "a trial", at: RandomLog.time(using: &random))
    default: return Bool.random(using: &random) ? .close : .forget(user)
    }
  }

  /// A few names, so that views take each other's place.
  private mutating func noteCommand(_ state: Project) -> Project.Command {
    func pick(_ ids: some Sequence<UUID>) -> UUID {
      ids.sorted { $0.uuidString < $1.uuidString }.randomElement(using: &random) ?? UUID()
    }
    switch Int.random(in: 0..<8, using: &random) {
    case 0..<3:
      let query = ["", "period=30d", "status=5xx&compare=weekday"].randomElement(using: &random) ?? ""
      return .saveView(
        Project.ViewRequest(id: UUID(), name: "v\(Int.random(in: 0...3, using: &random))", query: query))
    case 3: return .removeView(pick(state.views.keys))
    case 4..<7:
      let at = RandomLog.time(using: &random)
      let until = Bool.random(using: &random) ? at + .hours(3) : nil
      return .annotate(Project.AnnotationRequest(id: UUID(), at: at, until: until, text: "a sale, é"))
    default: return .removeAnnotation(pick(state.annotations.keys))
    }
  }

  private mutating func grant() -> AccountGrant {
    var grant = AccountGrant()
    if Bool.random(using: &random) { grant.tier = Tier.allCases.randomElement(using: &random) }
    if Bool.random(using: &random) { grant.monthlyQuota = Int.random(in: 1...9_999, using: &random) }
    if Bool.random(using: &random) { grant.requestsPerSecond = Int.random(in: 1...9_999, using: &random) }
    if Bool.random(using: &random) { grant.bytesPerSecond = Int.random(in: 1...9_999_999, using: &random) }
    if !grant.isEmpty, Bool.random(using: &random) { grant.until = RandomLog.time(using: &random) + .days(100) }
    return grant
  }

  private mutating func projectCommand(_ source: TelemetrySource, _ state: Project) -> Project.Command {
    let key = state.keys.keys.sorted { $0.uuidString < $1.uuidString }.randomElement(using: &random) ?? source.keyID
    let id = UUID()
    let hash = id.uuidString.lowercased().filter { $0 != "-" } + String(repeating: "0", count: 32)
    switch Int.random(in: 0..<38, using: &random) {
    case 26..<38: return noteCommand(state)
    case 0..<5: return .rename("p\(Int.random(in: 0...99, using: &random))")
    case 5..<10:
      let expiry = Bool.random(using: &random) ? Instant(milliseconds: .random(in: 1...9_999_999, using: &random)) : nil
      return .issueKey(
        Project.KeyRequest(
          id: id, name: "k", mode: .live, scopes: [.read, .track, .read], hint: "sk_…", hash: hash, expiresAt: expiry),
        at: 0)
    case 10..<16:
      let grace = Duration.milliseconds(Int64.random(in: 0...Project.maximumGrace.wholeMilliseconds, using: &random))
      return .rotateKey(
        key, Project.KeyRotation(successorID: id, hint: "sk_…", hash: hash, expiresAt: nil, grace: grace), at: 0)
    case 16..<19: return .revokeKey(key)
    case 19..<23: return .shareLink(link(id, hash), at: 0)
    case 23..<25:
      let shared = state.links.keys.sorted { $0.uuidString < $1.uuidString }.randomElement(using: &random)
      return .revokeLink(shared ?? id)
    default: return .archive
    }
  }

  private mutating func link(_ id: UUID, _ hash: String) -> Project.LinkRequest {
    var filters = LinkFilters()
    if Bool.random(using: &random) { (filters.status, filters.consumer) = ("5xx", "é \"quoted\"") }
    return Project.LinkRequest(
      id: id, name: "l", mode: Bool.random(using: &random) ? .live : .test, filters: filters, hint: "sl_…", hash: hash,
      expiresAt: Bool.random(using: &random) ? Instant(milliseconds: .random(in: 1...9_999_999, using: &random)) : nil)
  }
}
