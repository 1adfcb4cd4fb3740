import Application
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import NIOPosix
import Postgres
import Server
import TestDatabase
import Testing

/// What walks the log costs nobody else their answer.
@Suite struct ExpensiveReadTests {
  /// Runs `body` while nobody can read a table: whatever does goes on until the end of it.
  private static func holding<T: Sendable>(
    _ table: String, _ service: Service, _ body: @Sendable () async throws -> T
  ) async throws -> T {
    try await service.test.owner.transaction { connection in
      try await connection.query("LOCK TABLE \(unescaped: table) IN ACCESS EXCLUSIVE MODE")
      return try await body()
    }
  }

  /// A question whose answer is waited for later.
  private actor Asked {
    private let ask: @Sendable () async throws -> Answer
    private var task: Task<Answer, any Error>?

    init(_ ask: @escaping @Sendable () async throws -> Answer) { self.ask = ask }

    func begin() { task = Task { [ask] in try await ask() } }

    func answer() async throws -> Answer { if let task { try await task.value } else { try await ask() } }
  }

  private static func preview(_ service: Service, _ tenant: Service.Tenant) -> String {
    "\(tenant.path)/voids/preview?from=\(service.clock.time(-60))&to=\(service.clock.time(0))"
  }

  @Test(.timeLimit(.whatHangs)) func previewsInParallelHoldUpNeitherTrackNorLogInNorHealth() async throws {
    try await Service.withPools(.ahc(.http)) { service, _ in
      let (tenant, owner) = try await service.openWithOwner()
      let other = try await service.open()
      let person = try await service.verified()
      #expect(try await service.track(EventText(service.clock).text, key: other.key).status == 202)
      let path = Self.preview(service, tenant)
      let asked = (0..<32).map { _ in Asked { try await service.send(.get, path, as: owner) } }
      try await Self.holding("log.archived_months", service) {
        for one in asked { await one.begin() }
        // Two of them wait, and all the others have been told to come again.
        try await service.eventually("two previews wait") { try await service.waiting() == 2 }
        for _ in 0..<10 {
          let start = ContinuousClock.now
          #expect(try await service.track(EventText(service.clock).text, key: other.key).status == 202)
          let logIn = ["email": person.email, "password": person.password]
          #expect(try await service.post("/api/v1/auth/log-in", logIn).status == 200)
          #expect(try await service.get("/healthz").status == 200)
          #expect(ContinuousClock.now - start < .seconds(5), "behind a preview they would wait ten")
        }
      }
      var answers: [Answer] = []
      for one in asked { answers.append(try await one.answer()) }
      #expect(answers.count { $0.status == 200 } == 2)
      for refused in answers where refused.status != 200 {
        refused.expectProblem("too-many-at-once", status: 429)
        #expect(refused.header("Retry-After") != nil)
      }
    }
  }

  @Test(arguments: [("preview", "log.archived_months"), ("export", "log.archive_frames")])
  func whoGoesTakesTheQuestionAlong(what: String, table: String) async throws {
    try await Service.withPools(.live) { service, _ in
      let (tenant, owner) = try await service.openWithOwner()
      let path = what == "preview" ? Self.preview(service, tenant) : "\(tenant.account)/export"
      try await Self.holding(table, service) {
        let socket = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
          .connect(host: "localhost", port: try #require(service.client.port)).get()
        let request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(owner.token)\r\n\r\n"
        try await socket.writeAndFlush(ByteBuffer(string: request))
        try await service.eventually("the question is asked") { try await service.waiting() == 1 }
        try await socket.close()
        try await service.eventually("the question is dropped") { try await service.waiting() == 0 }
      }
    }
  }

  @Test func whatTakesLongerThanItMayIsToldSo() async throws {
    try await Service.withPools(.live) { service, _ in
      let (tenant, owner) = try await service.openWithOwner()
      let path = Self.preview(service, tenant)
      try await Self.holding("log.archived_months", service) {
        let answer = try await service.send(.get, path, as: owner)
        answer.expectProblem("overloaded", status: 503)
        #expect(answer.header("Retry-After") != nil)
      }
      #expect(try await service.send(.get, path, as: owner).status == 200)
    }
  }
}
