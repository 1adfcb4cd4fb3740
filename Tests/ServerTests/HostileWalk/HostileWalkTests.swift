import Application
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Server
import TestDatabase
import Testing

/// Every route, every parameter that it is described to take, and every member of its body, with what nobody would send who means well: refused
/// with what is wrong with it, or served, and never an error of ours.
@Suite struct HostileWalkTests {
  @Test(.timeLimit(.whatHangs)) func nothingThatAnyoneSendsIsAnErrorOfOurs() async throws {
    try await Service.with { service in
      let forger = try await Forger(for: service)
      let operations = try await Operation.all(of: service)
      let routes = try service.served().operations.map(\.description)
      #expect(Set(operations.map(\.description)) == Set(routes))
      let casts = try operations.map { _ in try Cast() }
      try await Cast.appear(casts, in: service)
      var sent = 0
      for (operation, cast) in zip(operations, casts) {
        let credentials = Self.credentials(of: operation, cast, forger)
        for request in operation.hostileRequests(cast, in: service) {
          for credential in credentials {
            let answer = try await service.send(
              operation.method, request.uri, key: credential, headers: request.headers,
              body: request.body.map { ByteBuffer(string: $0) })
            #expect((200..<500).contains(answer.status), "\(operation) \(request): \(answer.status) \(answer.text)")
            sent += 1
          }
        }
      }
      #expect(sent > 5_000)
      for token in Hostile.tokens {
        for uri in ["/api/v1/me", "/api/v1/usage", "/api/v1/accounts"] {
          #expect(try await service.get(uri, key: token).status == 401, "\(token.prefix(40))")
        }
        #expect((400..<500).contains(try await service.track("{}", key: token).status))
      }
      #expect(try await service.get("/healthz").status == 200)
      let tenant = try await service.open()
      #expect(try await service.track(EventText(service.clock).text, key: tenant.key).status == 202)
    }
  }

  /// Those who come furthest: what is behind the door is what may break.
  private static func credentials(of operation: Operation, _ cast: Cast, _ forger: Forger) -> [String?] {
    let owner = cast.members[.owner].map { forger.token($0) }
    switch RouteRights.all[operation.description]?.right {
    case .key: return [cast.keys[0].key.secret]
    case .memberOrKey: return [cast.keys[0].key.secret, owner]
    case .nobody, nil: return [nil]
    case .person, .member: return [owner]
    }
  }
}
