import Crypto
import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Server

@Suite struct AccessTokenTests {
  /// A token made by hand.
  private static func token(_ header: String, _ payload: [String: Any], key: SymmetricKey?) throws -> String {
    let claims = try JSONSerialization.data(withJSONObject: payload)
    let body = Base64URL.text(Array(header.utf8)) + "." + Base64URL.text(Array(claims))
    guard let key else { return body + "." }
    return body + "." + Base64URL.text(Array(HMAC<SHA256>.authenticationCode(for: Data(body.utf8), using: key)))
  }

  @Test func onlyWhatWasSignedHereForThisAndHasNotExpiredIsTaken() async throws {
    try await Service.with { service in
      let person = try await service.loggedIn()
      let key = try await Secrets(vault: Vault(pool: service.test.log.pool)).key(.jwtKey)
      let now = service.clock.now.seconds
      let right: [String: Any] = [
        "iss": "recount", "aud": "recount-api", "sub": person.id.uuidString.lowercased(), "sid": person.session,
        "iat": now, "exp": now + 900,
      ]
      let header = #"{"alg":"HS256","typ":"JWT"}"#
      func with(_ name: String, _ value: Any) -> [String: Any] { right.merging([name: value]) { $1 } }
      let control = try Self.token(header, right, key: key)
      #expect(try await service.get("/api/v1/me", key: control).status == 200, "made as it should be, it works")
      let wrong = [
        try Self.token(#"{"alg":"none"}"#, right, key: nil), try Self.token(#"{"alg":"None"}"#, right, key: key),
        try Self.token(#"{"alg":"HS384"}"#, right, key: key), try Self.token(#"{"alg":"RS256"}"#, right, key: key),
        try Self.token(header, right, key: SymmetricKey(size: .bits256)), try Self.token(header, right, key: nil),
        try Self.token(header, with("aud", "another"), key: key),
        try Self.token(header, with("aud", ["recount-api", "another"]), key: key),
        try Self.token(header, with("iss", "another"), key: key), try Self.token(header, with("exp", now), key: key),
        try Self.token(header, with("sub", "me"), key: key), "a.b.c", "..", person.refresh,
        String(control.dropLast()), control + "A",
      ]
      for text in wrong {
        let answer = try await service.get("/api/v1/me", key: text)
        #expect(answer.status == 401, "\(text)")
        #expect(answer.header("WWW-Authenticate") == #"Bearer realm="recount""#)
        #expect(answer.problem == "invalid-token", "\(text)")
      }
      // Each bit of the signature counts, wherever it stands: a comparison that folds them wrongly takes one in 256.
      let signature = try #require(Base64URL.bytes(String(control.suffix(43))))
      for bit in 0..<signature.count * 8 {
        var other = signature
        other[bit / 8] ^= 1 << (bit % 8)
        let answer = try await service.get("/api/v1/me", key: String(control.dropLast(43)) + Base64URL.text(other))
        #expect(answer.problem == "invalid-token", "bit \(bit)")
      }
      let another = try Self.token(header, with("sub", UUID().uuidString), key: key)
      try await service.get("/api/v1/me", key: another).expectProblem("session-ended", status: 401)
      try await service.get("/api/v1/me").expectProblem("missing-token", status: 401)
      service.clock.advance(seconds: 900)
      try await service.get("/api/v1/me", key: person.access).expectProblem("invalid-token", status: 401)
    }
  }

  /// The codes of tokens that are told by a code of their own.
  @Test func aTokenOfWhichABitIsAnotherWasNeverGivenOut() throws {
    let key = SymmetricKey(size: .bits256)
    let principal = Principal(userID: UUID(), sessionID: UUID())
    let tokens: [(text: String, isTaken: (String) -> Bool)] = [
      (
        SessionToken(of: principal, for: .refresh, key: key).text,
        { SessionToken(parsing: $0, for: .refresh, key: key) != nil }
      ),
      (
        SessionToken(of: principal, for: .cookie, key: key).text,
        { SessionToken(parsing: $0, for: .cookie, key: key) != nil }
      ),
      (
        DeviceToken(userID: UUID(), deviceID: UUID(), generation: 1, key: key).text,
        { DeviceToken(parsing: $0, key: key) != nil }
      ),
      (
        MailToken(id: UUID(), purpose: "verify_email", owner: UUID(), key: key).text,
        { MailToken(parsing: $0, purpose: "verify_email", key: key) != nil }
      ),
    ]
    for (text, isTaken) in tokens {
      let bytes = try #require(Base64URL.bytes(text))
      #expect(isTaken(text))
      for bit in 0..<bytes.count * 8 {
        var other = bytes
        other[bit / 8] ^= 1 << (bit % 8)
        #expect(!isTaken(Base64URL.text(other)), "bit \(bit) of \(text)")
      }
    }
  }

  @Test func anAPIKeyIsToldThatItOpensNoPersonsPages() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let answer = try await service.get("/api/v1/me", key: tenant.key)
      answer.expectProblem("invalid-token", status: 401)
      #expect(answer["detail"].string?.contains("API key") == true)
    }
  }

  @Test func aTokenOfAMailIsForItsPurposeAlone() {
    let key = SymmetricKey(size: .bits256)
    let token = MailToken(id: UUID(), purpose: "verify_email", owner: UUID(), key: key)
    #expect(MailToken(parsing: token.text, purpose: "verify_email", key: key) == token)
    #expect(MailToken(parsing: token.text, purpose: "reset_password", key: key) == nil)
    #expect(MailToken(parsing: token.text, purpose: "verify_email", key: SymmetricKey(size: .bits256)) == nil)
    for other in [token.text + "=", token.text + "A", String(token.text.dropLast()), ""] {
      #expect(MailToken(parsing: other, purpose: "verify_email", key: key) == nil)
    }
  }
}
