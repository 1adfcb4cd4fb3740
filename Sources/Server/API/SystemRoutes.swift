import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Postgres

/// What machines ask before anything else: is it alive, and what does it serve.
struct SystemRoutes {
  private let pool: Pool
  private let openAPI: PublicAnswer

  init(pool: Pool) throws {
    self.pool = pool
    guard let file = Bundle.module.url(forResource: "OpenAPI/openapi", withExtension: "json") else {
      throw CocoaError(.fileNoSuchFile)
    }
    // Changes with the program alone: five minutes after an upgrade everybody has the new one.
    openAPI = PublicAnswer(ByteBuffer(bytes: try Data(contentsOf: file)), contentType: "application/json", seconds: 300)
  }

  func add(to router: Router<RecountContext>) {
    router.get("/healthz") { _, _ in
      // Asks the database: a server that can't record anything must not be sent traffic.
      try await pool.query("SELECT 1", deadline: .seconds(2))
      return Response(
        status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
        body: .init(byteBuffer: ByteBuffer(string: #"{"status":"ok"}"#)))
    }
    router.get("/openapi.json") { request, _ in openAPI.response(to: request) }
  }
}
