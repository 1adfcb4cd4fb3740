public import Foundation
public import Logging
public import Postgres
public struct CatchUp: Sendable {
  public init(pool: Pool, projections: URL, logger: Logger) {}
  public func run(only: [String]) async throws {}
}
