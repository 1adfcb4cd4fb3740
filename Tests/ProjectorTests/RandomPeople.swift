import Domain
import EventLog
import Foundation
import TestDatabase
import Testing

/// Lives of people, at random: they register, verify and change addresses, log in here and there, are logged out alone or all at
/// once, want to be erased, think better of it, and are erased.
struct RandomPeople {
  let test: TestLog
  private var random: Seeded
  private var sessions: [UUID: [UUID]] = [:]
  private var people: [UUID] = []

  init(_ test: TestLog, seed: Int) {
    self.test = test
    random = Seeded(seed &+ 7)
  }

  /// Appends some commands' events.
  mutating func append(_ commands: Int) async throws {
    for _ in 0..<commands {
      guard people.count >= 3, Int.random(in: 0..<12, using: &random) > 0,
        let person = people.randomElement(using: &random)
      else {
        try await register()
        continue
      }
      if Bool.random(using: &random) { try await session(of: person) } else { try await change(person) }
    }
  }

  private mutating func register() async throws {
    let person = id()
    people.append(person)
    try await handle(.register(UserRegistered(userID: person, emailDigest: digest(), emailSealed: "AA==")), person)
  }

  private mutating func change(_ person: UUID) async throws {
    switch Int.random(in: 0..<9, using: &random) {
    case 0, 1:
      let token = try await token(for: .verifyEmail, of: person)
      try await handle(.verifyEmail(token), person)
    case 2:
      let token = try await token(for: .changeEmail, of: person)
      try await handle(.changeEmail(token, EmailDigestAndSeal(digest: digest(), sealed: "AAA=")), person)
    case 3:
      let zone = ["Europe/Berlin", "UTC", nil].randomElement(using: &random) ?? nil
      try await handle(.changeProfile(nameSealed: Bool.random(using: &random) ? "AAAA" : nil, timeZone: zone), person)
    case 4: try await handle(.requestDeletion(due: 1_000), person)
    case 5: try await handle(.cancelDeletion(now: 0), person)
    case 6:
      let token = try await token(for: .resetPassword, of: person)
      try await handle(.resetPassword(token, passwordSealed: "AA=="), person)
    case 7 where Bool.random(using: &random): try await handle(.erase(now: 2_000), person)
    case 8 where Bool.random(using: &random): try await handle(.decline([.quota]), person)
    default: try await handle(.endSessions, person)
    }
  }

  private mutating func session(of person: UUID) async throws {
    let known = sessions[person, default: []].randomElement(using: &random)
    guard let session = known, Int.random(in: 0..<3, using: &random) > 0 else {
      let session = id()
      sessions[person, default: []].append(session)
      let start = SessionStarted(
        sessionID: session, userID: person, tokenHash: digest(), expiresAt: 5_000, generation: 0)
      return try await handle(.start(start), session, of: person)
    }
    switch Int.random(in: 0..<5, using: &random) {
    case 0:
      let ended = SessionEnded(sessionID: session, userID: person, cause: .logout)
      try await handle(.end(ended), session, of: person)
    default:
      let state = try await test.log.load(Session.self, from: stream("session", session, of: person), last: 1).state
      let refreshed = SessionRefreshed(
        sessionID: session, userID: person, tokenHash: digest(), expiresAt: state.expiresAt + .seconds(1), generation: 0
      )
      try await handle(.refresh(tokenHash: state.tokenHash, with: refreshed, now: 0), session, of: person)
    }
  }

  private mutating func token(for purpose: TokenIssued.Purpose, of person: UUID) async throws -> TokenProof {
    let token = TokenIssued(
      userID: person, tokenID: id(), purpose: purpose, tokenHash: digest(), expiresAt: 5_000,
      emailSealed: purpose == .changeEmail ? "AA==" : nil)
    try await handle(.issueToken(token), person)
    return TokenProof(tokenID: token.tokenID, tokenHash: token.tokenHash, now: 0)
  }

  /// What is turned down (the person is erased, the session over) is part of life.
  private func handle(_ command: User.Command, _ person: UUID) async throws {
    do {
      try await test.log.handle(command, by: User.self, on: stream("user", person, of: person))
    } catch is User.Failure {}
  }

  private func handle(_ command: Session.Command, _ session: UUID, of person: UUID) async throws {
    do {
      let origin = Origin(actorID: person, sealedClient: "AAAA")
      try await test.log.handle(
        command, by: Session.self, on: stream("session", session, of: person), from: origin, last: 1)
    } catch is Session.Failure {}
  }

  private func stream(_ kind: String, _ id: UUID, of person: UUID) -> StreamID {
    StreamID(name: "\(kind)-\(id.uuidString.lowercased())", shard: test.log.shards.shard(of: person))
  }

  private mutating func id() -> UUID { .v7(at: Instant(milliseconds: 1_700_000_000_000), using: &random) }

  private mutating func digest() -> String {
    (0..<4).map { _ in String(format: "%016lx", UInt64.random(in: .min ... .max, using: &random)) }.joined()
  }
}
