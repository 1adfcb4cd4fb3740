import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Server
import TestDatabase
import Testing

/// Two servers over one log and no projector: the read model stands still, and a key that is over is over all the same.
@Suite struct KeyRefusalTests {
  enum End: CaseIterable { case revoke, rotate, archive, close }

  @Test(arguments: End.allCases) func aKeyIsRefusedByEveryServerWithinASecondThoughNoProjectorRuns(end: End)
    async throws
  {
    try await Service.with { service in
      let tenant = try await service.open()
      let issued = try await service.issue(for: tenant)
      try await service.catchUp()
      let logs = [try await service.test.another(), try await service.test.another()]
      let servers = try logs.map {
        try RecountServer(log: $0, projections: Service.projections, logger: Service.silent)
          .application(host: "127.0.0.1", port: 0)
      }
      try await servers[0].test(.router) { one in
        try await servers[1].test(.router) { two in
          let clients = [one, two]
          // Both have it remembered.
          for client in clients { #expect(try await Self.status(client, tenant, issued.key, end) == end.before) }
          try await Self.come(to: end, of: issued.id, tenant, service)
          let done = ContinuousClock.now
          // By when it was asked by whoever was let in last: a busy machine's answers and naps are no time in which somebody is.
          var letIn = done
          for client in clients {
            try await service.eventually("refused") {
              let asked = ContinuousClock.now
              let status = try await Self.status(client, tenant, issued.key, end)
              if status != end.status { letIn = asked }
              return status == end.status
            }
          }
          #expect(letIn - done < .seconds(1), "an answer is remembered for half a second")
          // It stays so: several times as long as an answer is remembered.
          while ContinuousClock.now - done < .seconds(4) {
            for client in clients { #expect(try await Self.status(client, tenant, issued.key, end) == end.status) }
            try await Task.sleep(for: .milliseconds(100))
          }
          guard end == .revoke || end == .rotate else { return }
          #expect(try await Self.status(one, tenant, tenant.key, end) == 200, "the project's other key goes on")
        }
      }
      for log in logs { await log.close() }
    }
  }

  @Test func whoWasRemovedSeesTheAccountNoMoreThoughNoProjectorRuns() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let member = try await service.join(tenant, as: .member)
      func accounts() async throws -> [Int] {
        try await [
          service.send(.get, "/api/v1/accounts", as: member)["accounts"].elements.count,
          service.send(.get, "/api/v1/me", as: member)["accounts"].elements.count,
        ]
      }
      try await service.catchUp()
      #expect(try await accounts() == [1, 1])
      let removed = try await service.send(.delete, "\(tenant.account)/members/\(member.id)", as: owner)
      #expect(removed.status == 200)
      #expect(try await accounts() == [0, 0])
      try await service.send(.get, tenant.account, as: member).expectProblem("account-not-found", status: 404)
      try await service.send(.get, tenant.path, as: member).expectProblem("project-not-found", status: 404)
    }
  }

  /// Of a read, or of a write where that alone ends.
  private static func status(
    _ client: any TestClientProtocol, _ tenant: Service.Tenant, _ key: String, _ end: End
  ) async throws -> Int {
    let headers: HTTPFields = [.authorization: "Bearer \(key)"]
    return try await end == .archive
      ? client.executeRequest(uri: "/api/v1/track", method: .post, headers: headers, body: ByteBuffer(string: "{}"))
        .status.code
      : client.executeRequest(uri: "\(tenant.path)/summary", method: .get, headers: headers, body: nil).status.code
  }

  private static func come(to end: End, of key: UUID, _ tenant: Service.Tenant, _ service: Service) async throws {
    let (log, shard) = (service.test.log, service.test.log.shards.shard(of: tenant.accountID))
    let project = StreamID.project(tenant.projectID, of: tenant.accountID, shard: shard)
    switch end {
    case .revoke: try await ProjectKeys(log: log).revoke(key, of: tenant.projectID, account: tenant.accountID)
    case .rotate:
      _ = try await ProjectKeys(log: log).rotate(key, of: tenant.projectID, account: tenant.accountID, grace: .zero)
    case .archive: try await log.handle(.archive, by: Project.self, on: project)
    case .close: try await log.handle(.close, by: Account.self, on: service.stream(of: tenant))
    }
  }
}

extension KeyRefusalTests.End {
  /// The body of the write holds no event.
  fileprivate var before: Int { self == .archive ? 400 : 200 }

  fileprivate var status: Int {
    switch self {
    case .revoke, .rotate: 401
    case .archive, .close: 403
    }
  }
}
