import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import TestDatabase
import Testing

/// Whether an id is somebody's can't be found out, by time either: for one that is another's and for one that is nobody's a server does the same.
@Suite struct ProbeTests {
  @Test(.timeLimit(.whatHangs)) func anothersIdAndNobodysRunTheSameStatements() async throws {
    try await Service.withPools(.router) { service, tracer in
      let forger = try await Forger(for: service)
      let cast = try Cast()
      try await Cast.appear([cast], in: service)
      let probes: [(name: String, credential: String)] = [
        ("outsider", forger.token(cast.outsider)), ("former member", forger.token(cast.formerMember)),
        ("another account's key", cast.stranger.key.secret),
      ]
      var heard = 0
      for (route, entry) in RouteRights.all.sorted(by: { $0.key < $1.key }) {
        guard (route + entry.query).contains(/\{(account|project)_id\}/) else { continue }
        for (name, credential) in probes {
          /// What a server runs when it is asked for ids.
          func statements(_ account: UUID, _ project: UUID) async throws -> (status: Int, statements: [String]) {
            let parts = route.split(separator: " ")
            let ids = ["{account_id}": account, "{project_id}": project]
            let uri = (String(parts[1]) + entry.query).replacing(/\{\w+\}/) {
              (ids[String($0.output)] ?? cast.accountID).uuidString.lowercased()
            }
            let method = HTTPRequest.Method(String(parts[0])) ?? .get
            let body = [.get, .delete].contains(method) ? nil : ByteBuffer(string: entry.body)
            _ = tracer.statements()
            let answer = try await service.send(method, uri, key: credential, body: body)
            return (answer.status, tracer.statements())
          }
          // Whatever is remembered is, from here on.
          _ = try await statements(UUID(), UUID())
          let (foreign, nobodys) = (
            try await statements(cast.accountID, cast.projectID), try await statements(UUID(), UUID())
          )
          #expect(foreign.status == nobodys.status, "\(route) as \(name)")
          heard += foreign.statements.count
          #expect(
            foreign.statements == nobodys.statements,
            "\(route) as \(name): \(foreign.statements) and of nobody's \(nobodys.statements)")
        }
      }
      #expect(heard > 0, "else the tracer hears nothing, and all are alike")
    }
  }
}
