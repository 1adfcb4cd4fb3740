import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Server

/// How people join an account, over the API.
@Suite struct InvitationRouteTests {
  /// The token that the mail holds, as the mailer computes it.
  private func token(of answer: Answer, _ tenant: Service.Tenant, _ service: Service) async throws -> String {
    let id = try #require(answer["invitation_id"].string.flatMap { UUID(uuidString: $0) })
    let key = try await Secrets(vault: Vault(pool: service.test.log.pool)).key(.mailTokenKey)
    return MailToken(id: id, purpose: MailToken.invitation, owner: tenant.accountID, key: key).text
  }

  private func invite(
    _ email: String, to tenant: Service.Tenant, as role: String = "member", by person: Service.Person,
    _ service: Service, idempotencyKey: String? = nil
  ) async throws -> Answer {
    try await service.send(
      .post, "\(tenant.account)/invitations", as: person, #"{"email": "\#(email)", "role": "\#(role)"}"#,
      idempotencyKey: idempotencyKey)
  }

  private func accept(_ token: String, as person: Service.Person, _ service: Service) async throws -> Answer {
    try await service.send(.post, "/api/v1/invitations/accept", as: person, #"{"token": "\#(token)"}"#)
  }

  @Test func theOneInvitedJoinsAndNobodyElse() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let (guest, thief) = (try await service.person(), try await service.person())
      let invited = try await invite(guest.email.uppercased(), to: tenant, as: "admin", by: owner, service)
      #expect(invited.status == 201)
      #expect(invited["email"] == .string(guest.email))
      let list = try await service.see("\(tenant.account)/invitations", as: owner)
      #expect(list["invitations"].elements.map { $0["email"] } == [.string(guest.email)])
      let token = try await token(of: invited, tenant, service)
      try await accept(token, as: thief, service).expectProblem("invitation-for-another", status: 403)
      try await service.send(.get, tenant.account, as: guest).expectProblem("account-not-found", status: 404)
      for _ in 0..<2 {
        let accepted = try await accept(token, as: guest, service)
        #expect(accepted.status == 200)
        #expect(accepted["role"] == "admin")
        #expect(accepted["account_id"] == .string(tenant.accountID.uuidString.lowercased()))
      }
      #expect(try await service.see(tenant.account, as: guest)["members"] == 2)
      #expect(try await service.send(.get, "\(tenant.account)/invitations", as: guest)["invitations"] == [])
      try await invite(guest.email, to: tenant, by: owner, service).expectProblem("already-member", status: 409)
    }
  }

  @Test func aWithdrawnReplacedOrExpiredInvitationOpensNothing() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let guest = try await service.person()
      let first = try await invite(guest.email, to: tenant, by: owner, service)
      let second = try await invite(guest.email, to: tenant, by: owner, service)
      try await accept(try await token(of: first, tenant, service), as: guest, service)
        .expectProblem("invitation-ended", status: 409)
      let path = "\(tenant.account)/invitations/\(second["invitation_id"].string ?? "")"
      #expect(try await service.send(.delete, path, as: owner).status == 200)
      #expect(try await service.send(.delete, path, as: owner).status == 200, "twice is as once")
      try await accept(try await token(of: second, tenant, service), as: guest, service)
        .expectProblem("invitation-ended", status: 409)
      let third = try await invite(guest.email, to: tenant, by: owner, service)
      service.clock.advance(seconds: 14 * 86_400)
      let later = Service.Person(id: guest.id, email: guest.email, token: try await service.logIn(guest.id))
      try await accept(try await token(of: third, tenant, service), as: later, service)
        .expectProblem("invitation-ended", status: 409)
    }
  }

  @Test func aTokenIsNotGuessed() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let guest = try await service.person()
      let token = try await token(of: try await invite(guest.email, to: tenant, by: owner, service), tenant, service)
      for wrong in ["", "x", String(token.dropLast()), token + "A", String(token.reversed())] {
        let answer = try await accept(wrong, as: guest, service)
        answer.expectProblem("invalid-parameter", status: 400, "\(wrong)")
        #expect(answer["field"] == "token")
      }
      // Well made, but never sent.
      let key = try await Secrets(vault: Vault(pool: service.test.log.pool)).key(.mailTokenKey)
      let unsent = MailToken(id: UUID(), purpose: MailToken.invitation, owner: tenant.accountID, key: key).text
      try await accept(unsent, as: guest, service).expectProblem("invitation-not-found", status: 404)
    }
  }

  @Test func whoMayInviteWhomIsInTheTable() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let (admin, member) = (try await service.join(tenant, as: .admin), try await service.join(tenant, as: .member))
      try await invite("a@example.com", to: tenant, by: member, service).expectProblem("forbidden", status: 403)
      try await invite("a@example.com", to: tenant, as: "owner", by: admin, service)
        .expectProblem("forbidden", status: 403)
      #expect(try await invite("a@example.com", to: tenant, as: "admin", by: admin, service).status == 201)
      let second = try await invite("b@example.com", to: tenant, as: "owner", by: owner, service)
      #expect(second.status == 201)
      let path = "\(tenant.account)/invitations/\(second["invitation_id"].string ?? "")"
      try await service.send(.delete, path, as: admin).expectProblem("forbidden", status: 403)
      try await service.send(.get, "\(tenant.account)/invitations", as: member).expectProblem("forbidden", status: 403)
      let sealed = try await service.number("SELECT count(*) AS n FROM vault.keys")
      try await invite("c@example.com", to: tenant, by: member, service).expectProblem("forbidden", status: 403)
      #expect(
        try await service.number("SELECT count(*) AS n FROM vault.keys") == sealed, "nothing is sealed for nothing")
    }
  }

  @Test func aRetryUnderItsIdempotencyKeySendsNoSecondMail() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let first = try await invite("a@example.com", to: tenant, by: owner, service, idempotencyKey: "1")
      service.clock.advance(seconds: 90)
      let again = try await invite("a@example.com", to: tenant, by: owner, service, idempotencyKey: "1")
      #expect(again.status == 201)
      #expect(again["expires_at"] == first["expires_at"], "what holds, not what would now")
      #expect(again["invitation_id"] == first["invitation_id"])
      try await invite("b@example.com", to: tenant, by: owner, service, idempotencyKey: "1")
        .expectProblem("idempotency-conflict", status: 409)
      let sent = try await service.number("SELECT count(*) AS n FROM log.events WHERE type = 'member_invited'")
      #expect(sent == 1)
    }
  }

  @Test func theAddressOfAnInvitationThatIsOverIsForgotten() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let job = try InvitationsJob(log: service.test.log, queries: QueryCatalog(folder: Service.projections))
      let vault = Vault(pool: service.test.log.pool)
      func forgotten() async throws -> Int {
        try await service.catchUp()
        try await job.run(now: service.clock.now)
        return try await service.number("SELECT count(*) AS n FROM vault.keys WHERE key IS NULL")
      }
      let answers = [
        try await invite("a@example.com", to: tenant, by: owner, service),
        // Replaces the one before.
        try await invite("a@example.com", to: tenant, by: owner, service),
        try await invite("b@example.com", to: tenant, by: owner, service),
      ]
      #expect(try await forgotten() == 1)
      service.clock.advance(seconds: 14 * 86_400 - 1)
      #expect(try await forgotten() == 1)
      service.clock.advance(seconds: 1)
      #expect(try await forgotten() == 3)
      let id = try #require(answers[2]["invitation_id"].string.flatMap { UUID(uuidString: $0) })
      let sealed = try #require(
        try await service.test.owner.query(
          "SELECT data ->> 'email_sealed' AS sealed FROM log.events WHERE data ->> 'invitation_id' = \(id.uuidString.lowercased())"
        ).first)
      #expect(try await vault.open(sealed.decode("sealed"), of: id) == nil)
    }
  }

  @Test(arguments: ["", "x", "a@b@c", "a b@example.com", "a@example.com\\r\\nBcc: b@example.com"])
  func anAddressMustBeOne(email: String) async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let answer = try await invite(email, to: tenant, by: owner, service)
      answer.expectProblem("invalid-parameter", status: 400)
      #expect(answer["field"] == "email")
    }
  }
}
