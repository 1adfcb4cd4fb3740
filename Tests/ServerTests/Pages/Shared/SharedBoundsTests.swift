import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Postgres
import TestDatabase
import Testing

/// What whoever has a link can take of the server.
@Suite struct SharedBoundsTests {
  private actor Asked {
    private var tasks: [Task<Answer, any Error>] = []

    /// How many have been answered.
    private(set) var answered = 0

    func begin(_ ask: @escaping @Sendable () async throws -> Answer) {
      tasks.append(
        Task {
          let answer = try await ask()
          self.answered += 1
          return answer
        })
    }

    func answers() async throws -> [Answer] {
      var answers: [Answer] = []
      for task in tasks { answers.append(try await task.value) }
      return answers
    }
  }

  @Test(.timeLimit(.whatHangs)) func twoViewsAtATimeOfAnAccountAndOthersAreServed() async throws {
    try await Service.withPools(.ahc(.http)) { service, _ in
      let (tenant, owner) = try await service.openWithOwner()
      let shared = try await service.send(.post, "\(tenant.path)/links", as: owner, #"{"name": "l"}"#)
      let link = String(try #require(shared["url"].string?.firstMatch(of: /\/shared\/.*/)).output)
      #expect(try await service.track(EventText(service.clock).text, key: tenant.key).status == 202)
      try await service.catchUp()
      let asked = Asked()
      try await service.test.owner.transaction { connection in
        try await connection.query("LOCK TABLE traffic.days IN ACCESS EXCLUSIVE MODE")
        for _ in 0..<8 { await asked.begin { try await service.get(link) } }
        try await service.eventually("two views wait") { try await service.waiting() == 2 }
        // Whoever came once the table is free again would be served.
        try await service.eventually("all others are refused") { await asked.answered == 6 }
        #expect(try await service.track(EventText(service.clock).text, key: tenant.key).status == 202)
        #expect(try await service.get("/healthz").status == 200)
        #expect(try await service.get("/shared/x").status == 404)
      }
      let statuses = try await asked.answers().map(\.status).sorted()
      #expect(statuses == [200, 200, 429, 429, 429, 429, 429, 429])
    }
  }
}
