import Application
import Domain
import EventLog
import Foundation
import Logging
import Postgres
import Server
import TestDatabase
import Testing

/// Somebody who signs up over HTTP.
struct Person: Sendable {
  let email: String
  let password: String

  private var credentials: String { #"{"email": "\#(email)", "password": "\#(password)"}"# }

  func signUp(port: Int) async throws -> HTTP.Reply {
    try await HTTP.send("POST", port: port, "/api/v1/auth/sign-up", body: credentials)
  }

  func logIn(port: Int) async throws -> HTTP.Reply {
    try await HTTP.send("POST", port: port, "/api/v1/auth/log-in", body: credentials)
  }

  /// Opens the link of the verification mail, made again from its event as the mail is.
  func verify(in installation: Installation) async throws {
    let pool = Pool(installation.database.settings, size: 1, logger: Logger(label: "mail"))
    let token = try await verificationToken(pool)
    await pool.close()
    let reply = try await HTTP.send(
      "POST", port: installation.port, "/api/v1/auth/verify", body: #"{"token": "\#(token)"}"#)
    #expect(reply.status == 200, "\(String(decoding: reply.body, as: UTF8.self))")
  }

  private func verificationToken(_ pool: Pool) async throws -> String {
    let digest = try await Vault(pool: pool).digest(try #require(EmailAddress(email)))
    let row = try await pool.query(
      """
      SELECT r.data ->> 'user_id' AS owner, t.data ->> 'token_id' AS id
      FROM log.events AS r
      JOIN log.events AS t ON t.stream = r.stream AND t.type = 'token_issued'
      WHERE r.type = 'user_registered' AND r.data ->> 'email_digest' = \(digest)
      """
    ).first
    let issued = try #require(row)
    let (ownerText, idText) = (try issued.decode("owner", as: String.self), try issued.decode("id", as: String.self))
    let owner = try #require(UUID(uuidString: ownerText))
    let id = try #require(UUID(uuidString: idText))
    let key = try await Secrets(vault: Vault(pool: pool)).key(.mailTokenKey)
    return MailToken(id: id, purpose: TokenIssued.Purpose.verifyEmail.rawValue, owner: owner, key: key).text
  }

  /// The account that signing up opened, once the read models know of it.
  func accountID(port: Int, token: String) async throws -> String {
    struct Accounts: Decodable {
      struct Account: Decodable { let accountId: String }
      let accounts: [Account]
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let end = ContinuousClock.now + .seconds(120)
    while ContinuousClock.now < end {
      let reply = try await HTTP.send("GET", port: port, "/api/v1/accounts", as: token)
      if reply.status == 200, let account = try decoder.decode(Accounts.self, from: reply.body).accounts.first {
        return account.accountId
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw CocoaError(.coderValueNotFound)
  }
}
