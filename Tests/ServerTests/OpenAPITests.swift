import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import Postgres
import Server
import TestDatabase
import Testing

/// What is served is what is described, and the other way round.
@Suite struct OpenAPITests {
  @Test func everyRouteIsDescribedAndEveryDescriptionServed() async throws {
    try await Service.with { service in
      let served = try RecountServer(log: service.test.log, projections: Service.projections, logger: Service.silent)
        .router().routes.map { "\($0.method.rawValue.lowercased()) \($0.path)" }
      let document = try await service.get("/openapi.json")
      #expect(document["openapi"].string?.hasPrefix("3.1") == true)
      let described = document["paths"].members.flatMap { path, item in item.members.keys.map { "\($0) \(path)" } }
      #expect(Set(served) == Set(described))
      #expect(served.count == described.count)
    }
  }

  @Test func everyStatusThatARouteCanGiveIsDescribedAndNoOther() async throws {
    try await Service.with { service in
      let paths = try await service.get("/openapi.json")["paths"].members
      for (path, item) in paths {
        for (method, operation) in item.members {
          let described = Set(operation["responses"].members.keys.compactMap { Int($0) })
          let expected =
            TenantStatuses.of(method, path) ?? Self.statusesOfPeople(method, path) ?? Self.statuses(of: path)
          #expect(described == expected, "\(method) \(path)")
          for (status, response) in operation["responses"].members where status >= "400" {
            let content = response["content"]["application/problem+json"]["schema"]["$ref"]
            #expect(content == "#/components/schemas/Problem", "\(method) \(path) \(status)")
          }
        }
      }
    }
  }

  @Test func everyReferenceLeadsSomewhere() async throws {
    try await Service.with { service in
      let document = try await service.get("/openapi.json").json
      let references = Self.references(in: document)
      #expect(!references.isEmpty)
      for reference in references {
        let target = reference.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] }
        #expect(target != .null, "\(reference)")
      }
    }
  }

  @Test func theServerIsHealthyWhileItsDatabaseAnswers() async throws {
    try await Service.with { service in
      let answer = try await service.get("/healthz")
      #expect(answer.status == 200)
      #expect(answer.json == ["status": "ok"])
      await service.test.log.pool.close()
      try await service.get("/healthz").expectProblem("database-unavailable", status: 503)
    }
  }

  private static func statuses(of path: String) -> Set<Int> {
    let (success, kinds): (Int, [Problem.Kind]) =
      switch path {
      case "/api/v1/track":
        (
          202,
          [.invalidEvent, .eventIDConflict, .bodyTooLarge, .unsupportedEncoding, .quotaExceeded, .overloaded] + keyed
        )
      case "/api/v1/usage": (200, [.invalidParameter, .accountNotFound, .projectionStopped] + keyed)
      case "/api/v1/accounts/{account_id}/export":
        (
          200,
          [
            .invalidParameter, .missingToken, .forbidden, .accountNotFound, .tooManyAtOnce, .databaseUnavailable,
            .internalError,
          ]
        )
      case "/api/v1/accounts/{account_id}/statements/{month}":
        (
          200,
          [
            .invalidParameter, .missingToken, .forbidden, .accountNotFound, .tooManyAtOnce, .projectionStopped,
            .databaseUnavailable, .internalError,
          ]
        )
      case "/api/v1/me/security-log":
        (200, [.invalidParameter, .projectionStopped, .missingKey, .databaseUnavailable, .internalError])
      case "/healthz": (200, [.databaseUnavailable])
      case "/openapi.json", "/.well-known/recount/key": (200, [])
      case let path where path.hasPrefix("/.well-known/recount/checkpoints"):
        (200, [.invalidParameter, .notFound, .databaseUnavailable, .internalError])
      default: (200, [.invalidParameter, .projectNotFound, .projectionStopped] + keyed)
      }
    return Set(kinds.map(\.status.code) + [success])
  }

  /// What the routes about a person can give; nil for any other.
  private static func statusesOfPeople(_ method: String, _ path: String) -> Set<Int>? {
    let (success, kinds): (Int, [Problem.Kind])
    switch path {
    case "/api/v1/auth/sign-up", "/api/v1/auth/resend-verification", "/api/v1/auth/request-reset":
      (success, kinds) = (202, [.tooManyAttempts] + written)
    case "/api/v1/auth/verify", "/api/v1/auth/reset": (success, kinds) = (200, [.linkNotValid] + written)
    case "/api/v1/auth/log-in":
      (success, kinds) = (200, [.wrongCredentials, .tooManyAttempts] + written)
    case "/api/v1/auth/refresh": (success, kinds) = (200, [.invalidToken] + written)
    case "/api/v1/auth/log-out", "/api/v1/auth/log-out-everywhere", "/api/v1/me/sessions":
      (success, kinds) = (200, [.missingToken])
    case "/api/v1/me" where method == "get": (success, kinds) = (200, [.missingToken])
    case "/api/v1/me" where method == "patch": (success, kinds) = (200, [.missingToken, .tooManyAttempts] + written)
    case "/api/v1/me", "/api/v1/me/email":
      (success, kinds) = (202, [.missingToken, .wrongPassword, .tooManyAttempts] + written)
    case "/api/v1/me/password": (success, kinds) = (200, [.missingToken, .wrongPassword, .tooManyAttempts] + written)
    case "/api/v1/me/restore": (success, kinds) = (200, [.missingToken, .beingErased])
    case "/api/v1/me/email/confirm": (success, kinds) = (200, [.missingToken, .emailTaken] + written)
    case "/api/v1/me/sessions/{session_id}": (success, kinds) = (200, [.missingToken, .sessionNotFound])
    default: return nil
    }
    return Set((kinds + [.databaseUnavailable, .internalError]).map(\.status.code) + [success])
  }

  /// What any route with a body can give.
  private static let written: [Problem.Kind] = [.invalidParameter, .bodyTooLarge]

  /// What any route with a key can give.
  private static let keyed: [Problem.Kind] = [.missingKey, .missingScope, .databaseUnavailable, .internalError]

  private static func references(in json: JSON) -> [String] {
    [json["$ref"].string].compactMap { $0 } + json.members.values.flatMap(references)
      + json.elements.flatMap(references)
  }
}
