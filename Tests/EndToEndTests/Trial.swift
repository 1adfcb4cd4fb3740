import Foundation
import Testing

/// A person with an account, a project, a key and an invitation, for schemathesis to try things out on.
struct Trial: Codable, Sendable {
  var key = ""
  var token = ""
  var accountId = ""
  var projectId = ""
  var keyId = ""
  var userId = ""
  var sessionId = ""
  var invitationId = ""

  init(of email: String, in installation: Installation) async throws {
    let port = installation.port
    let person = Person(email: email, password: "thistle-97-gravel")
    _ = try await person.signUp(port: port)
    try await person.verify(in: installation)
    let session = try await person.logIn(port: port)
    token = try #require(session["access_token"])
    sessionId = try #require(session["session_id"])
    let me = try await HTTP.send("GET", port: port, "/api/v1/me", as: token)
    userId = try #require(me["user_id"])
    accountId = try await person.accountID(port: port, token: token)
    let project = try await HTTP.send(
      "POST", port: port, "/api/v1/accounts/\(accountId)/projects", body: #"{"name": "trial"}"#, as: token)
    // Thousands of calls, of which a throttle would answer most.
    try await installation.liftThrottle(of: accountId)
    projectId = try #require(project["project_id"])
    let issued = try await HTTP.send(
      "POST", port: port, "/api/v1/projects/\(projectId)/keys", body: #"{"name": "trial"}"#, as: token)
    key = try #require(issued["api_key"])
    keyId = try #require(issued["key_id"])
    let invited = try await HTTP.send(
      "POST", port: port, "/api/v1/accounts/\(accountId)/invitations",
      body: #"{"email": "invited@example.com", "role": "member"}"#, as: token)
    invitationId = try #require(invited["invitation_id"])
  }
}
