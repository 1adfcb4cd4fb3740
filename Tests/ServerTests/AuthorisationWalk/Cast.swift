import Application
import Crypto
import EventLog
import Foundation
import Server
import TestDatabase

@testable import Domain

/// An account, and everybody who may try a route of it: members of each role, people who were members or never, and the keys of its
/// project and of another's.
struct Cast: Sendable {
  let accountID = UUID()
  let projectID = UUID()
  let members: [Account.Role: Forger.Claims]
  let formerMember = Cast.newClaims()
  let outsider = Cast.newClaims()
  /// Of the owner, ended.
  let endedSession = UUID()
  /// Of the owner, not used for so long that it has ended by itself.
  let expiredSession = UUID()
  let keys: [(key: APIKey, scopes: Set<KeyScope>)]
  let revokedKey: APIKey
  let stranger: Stranger

  /// Another account's project and its key.
  struct Stranger: Sendable {
    let accountID = UUID()
    let projectID = UUID()
    let key: APIKey
  }

  init() throws {
    members = Dictionary(uniqueKeysWithValues: Account.Role.allCases.map { ($0, Self.newClaims()) })
    keys = try [[.track, .read], [.track], [.read]].map { (try Self.newKey(), $0) }
    revokedKey = try Self.newKey()
    stranger = Stranger(key: try Self.newKey())
  }

  static func newClaims() -> Forger.Claims { Forger.Claims(user: UUID(), session: UUID()) }

  private static func newKey() throws -> APIKey {
    try APIKey(
      mode: .live, randomBytes: (0..<APIKey.randomByteCount).map { _ in UInt8.random(in: 0...255) })
  }

  /// Everyone, with what they show and how it should be taken.
  func walkers(forging forger: Forger) -> [Walker] {
    var walkers = [Walker(name: "nobody", credential: nil, standing: .nobody)]
    if let owner = members[.owner] {
      walkers += forger.forgeries(of: owner, becoming: outsider).map {
        Walker(name: $0.name, credential: $0.token, standing: .nobody)
      }
      for (name, session) in [("ended session", endedSession), ("expired session", expiredSession)] {
        var claims = owner
        claims.session = session
        walkers.append(Walker(name: name, credential: forger.token(claims), standing: .nobody))
      }
    }
    walkers.append(Walker(name: "revoked key", credential: revokedKey.secret, standing: .nobody))
    walkers += keys.map {
      Walker(name: "key \($0.scopes)", credential: $0.key.secret, standing: .key(scopes: $0.scopes, isOurs: true))
    }
    walkers.append(
      Walker(
        name: "another account's key", credential: stranger.key.secret,
        standing: .key(scopes: [.track, .read], isOurs: false)))
    for (name, claims) in [("outsider", outsider), ("former member", formerMember)] {
      walkers.append(Walker(name: name, credential: forger.token(claims), standing: .person(nil)))
    }
    // The mightiest last: what they do may end what the others try.
    for role in [Account.Role.readOnly, .member, .admin, .owner] {
      guard let claims = members[role] else { continue }
      walkers.append(Walker(name: role.rawValue, credential: forger.token(claims), standing: .person(role)))
    }
    return walkers
  }
}

extension Cast {
  /// What must have happened for them to be there.
  func units(in test: TestLog, now: Instant) async throws -> [(shard: Int, unit: AppendUnit)] {
    let people = Array(members.values) + [formerMember, outsider]
    var units = try account(in: test)
    units += try stranger.units(in: test, owner: outsider.user)
    let vault = Vault(pool: test.log.pool)
    for claims in people {
      let digest = SHA256.hash(data: Data(claims.user.uuidString.utf8)).map { String(format: "%02x", $0) }.joined()
      let sealed = try await vault.seal("\(claims.user)@example.com", for: claims.user)
      let shard = test.log.shards.shard(of: claims.user)
      let registered = UserRegistered(userID: claims.user, emailDigest: digest, emailSealed: sealed)
      units += try test.units(
        [registered, EmailVerified(userID: claims.user, emailDigest: digest)], on: .user(claims.user, shard: shard)
      ).map { (shard, $0) }
      units += try start(claims.session, of: claims.user, until: now + .days(1), in: test)
    }
    if let owner = members[.owner]?.user {
      units += try start(endedSession, of: owner, until: now + .days(1), end: true, in: test)
      units += try start(expiredSession, of: owner, until: now - .seconds(1), in: test)
    }
    return units
  }

  private func start(
    _ session: UUID, of user: UUID, until expiresAt: Instant, end: Bool = false, in test: TestLog
  ) throws -> [(shard: Int, unit: AppendUnit)] {
    let shard = test.log.shards.shard(of: user)
    var facts: [any EventData] = [
      SessionStarted(
        sessionID: session, userID: user, tokenHash: String(repeating: "0", count: 64), expiresAt: expiresAt,
        generation: 0)
    ]
    if end { facts.append(SessionEnded(sessionID: session, userID: user, cause: .logout)) }
    return try test.units(facts, on: .session(session, shard: shard)).map { (shard, $0) }
  }

  private func account(in test: TestLog) throws -> [(shard: Int, unit: AppendUnit)] {
    let shard = test.log.shards.shard(of: accountID)
    var facts: [any EventData] = [AccountOpened(accountID: accountID, tier: .business, monthlyQuota: 500_000)]
    facts += members.map { MemberAdded(accountID: accountID, userID: $1.user, role: $0) }
    facts += [
      MemberAdded(accountID: accountID, userID: formerMember.user, role: .owner),
      MemberRemoved(accountID: accountID, userID: formerMember.user),
      ProjectAdded(accountID: accountID, projectID: projectID),
    ]
    let revoked = Self.issued(revokedKey, [.track, .read], projectID, accountID)
    let project: [any EventData] =
      [ProjectCreated(projectID: projectID, accountID: accountID, name: "shop"), revoked]
      + keys.map { Self.issued($0.key, $0.scopes, projectID, accountID) }
      + [KeyRevoked(keyID: revoked.keyID, projectID: projectID, accountID: accountID)]
    return
      (try test.units(facts, on: .account(accountID, shard: shard))
      + test.units(project, on: .project(projectID, of: accountID, shard: shard))).map { (shard, $0) }
  }

  fileprivate static func issued(
    _ key: APIKey, _ scopes: Set<KeyScope>, _ project: UUID, _ account: UUID
  ) -> KeyIssued {
    KeyIssued(
      keyID: UUID(), projectID: project, accountID: account, name: "key", mode: .live,
      scopes: scopes.sorted { $0.rawValue < $1.rawValue }, hint: key.hint,
      hash: SHA256.hash(data: Data(key.secret.utf8)).map { String(format: "%02x", $0) }.joined(), expiresAt: nil)
  }
}

extension Cast.Stranger {
  fileprivate func units(in test: TestLog, owner: UUID) throws -> [(shard: Int, unit: AppendUnit)] {
    let shard = test.log.shards.shard(of: accountID)
    let account: [any EventData] = [
      AccountOpened(accountID: accountID, tier: .free, monthlyQuota: 1_000),
      MemberAdded(accountID: accountID, userID: owner, role: .owner),
      ProjectAdded(accountID: accountID, projectID: projectID),
    ]
    let project: [any EventData] = [
      ProjectCreated(projectID: projectID, accountID: accountID, name: "theirs"),
      Cast.issued(key, [.track, .read], projectID, accountID),
    ]
    return
      (try test.units(account, on: .account(accountID, shard: shard))
      + test.units(project, on: .project(projectID, of: accountID, shard: shard))).map { (shard, $0) }
  }
}
