import Foundation
import Testing

extension Installation {
  /// Runs a verb that prints JSON.
  func decoded<T: Decodable & Sendable>(_ arguments: String..., as _: T.Type = T.self) async throws -> T {
    let result = try await run(arguments)
    try #require(result.status == 0, "\(arguments): \(result.output)")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(T.self, from: Data(result.output.utf8))
  }
}
