import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Server

/// Nobody fills a stranger's mailbox by us: neither one stranger's nor many strangers'.
@Suite struct StrangersMailTests {
  private static func invite(
    _ email: String, to tenant: Service.Tenant, by person: Service.Person, _ service: Service
  ) async throws -> Answer {
    try await service.send(
      .post, "\(tenant.account)/invitations", as: person, #"{"email": "\#(email)", "role": "member"}"#)
  }

  /// Invited and withdrawn, each before the next.
  @Test func invitingAndWithdrawingIsCappedByTheDay() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      var sent = 0
      for number in 0..<40 {
        let answer = try await Self.invite("stranger\(number)@example.com", to: tenant, by: owner, service)
        guard answer.status == 201 else {
          answer.expectProblem("too-many-attempts", status: 429)
          let wait = try #require(answer.header("Retry-After").flatMap { Int($0) })
          #expect(answer["retry_after"].integer == wait && (1...86_400).contains(wait))
          continue
        }
        sent += 1
        let path = "\(tenant.account)/invitations/\(answer["invitation_id"].string ?? "")"
        #expect(try await service.send(.delete, path, as: owner).status == 200)
      }
      #expect(sent == 25)
      #expect(try await service.events("member_invited") == 25)
      let sealed = try await service.number("SELECT count(*) AS n FROM vault.keys")
      try await Self.invite("one.more@example.com", to: tenant, by: owner, service)
        .expectProblem("too-many-attempts", status: 429)
      #expect(
        try await service.number("SELECT count(*) AS n FROM vault.keys") == sealed, "nothing is sealed for nothing")
      service.clock.advance(seconds: 86_400)
      let later = Service.Person(id: owner.id, email: "", token: try await service.logIn(owner.id))
      #expect(try await Self.invite("tomorrow@example.com", to: tenant, by: later, service).status == 201)
    }
  }

  @Test func aPersonIsCappedOverAllTheirAccountsAndAnAccountOverAllItsPeople() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let admin = try await service.join(tenant, as: .admin)
      var statuses: [Int] = []
      for number in 0..<26 {
        let person = number.isMultiple(of: 2) ? owner : admin
        let answer = try await Self.invite("s\(number)@example.com", to: tenant, by: person, service)
        statuses.append(answer.status)
        let path = "\(tenant.account)/invitations/\(answer["invitation_id"].string ?? "")"
        _ = try await service.send(.delete, path, as: owner)
      }
      #expect(statuses.count { $0 == 201 } == 25 && statuses.last == 429, "the account")
      let throttle = try service.people.throttle
      let actor = UUID()
      for number in 0..<25 {
        try await throttle.take(.invitation, digest: "\(number)", client: nil, actor: actor, account: UUID())
      }
      await #expect(throws: Throttled.self) {
        try await throttle.take(.invitation, digest: "x", client: nil, actor: actor, account: UUID())
      }
    }
  }

  @Test func oneAddressGetsAFewMailsADayWhoeverAsksAndWhy() async throws {
    try await Service.with { service in
      let throttle = try service.people.throttle
      var taken: [Throttle.Mailing: Int] = [:]
      // Every minute of a day, each time from another client and on behalf of another account.
      for minute in 0..<1_440 {
        for mailing in [Throttle.Mailing.signUp, .resend, .changeEmail, .invitation, .reset] {
          let client = "10.\(minute / 256).\(minute % 256).1"
          do {
            try await throttle.take(mailing, digest: "her", client: client, actor: UUID(), account: UUID())
            taken[mailing, default: 0] += 1
          } catch is Throttled {}
        }
        service.clock.advance(seconds: 60)
      }
      let resets = taken.removeValue(forKey: .reset) ?? 0
      #expect(taken.values.reduce(0, +) == 10)
      #expect((15...20).contains(resets), "\(resets): never so few that a person is kept from their own")
    }
  }

  /// Each is a mail to whoever has the address, from a stranger.
  @Test func whateverSendsAMailIsSlowedDownByAddress() async throws {
    try await Service.with { service in
      let person = try await service.loggedIn()
      let requests: [(String, [String: String], String?)] = [
        ("auth/sign-up", ["password": Service.password], nil), ("auth/resend-verification", [:], nil),
        ("auth/request-reset", [:], nil), ("me/email", ["password": person.password], person.access),
      ]
      for (path, members, key) in requests {
        let members = members.merging(["email": "\(UUID().uuidString)@example.com"]) { $1 }
        for _ in 0..<4 {
          #expect(try await service.post("/api/v1/\(path)", members, key: key).status == 202, "\(path)")
        }
        let fifth = try await service.post("/api/v1/\(path)", members, key: key)
        fifth.expectProblem("too-many-attempts", status: 429)
        #expect(fifth.header("Retry-After") == "600")
      }
    }
  }
}
