import Foundation
import FoundationNetworking

/// GETs, for what an end-to-end test asks.
enum HTTP {
  struct Refused: Error {
    let status: Int
    let body: Data
  }

  static func get(port: Int, path: String, key: String) async throws -> Data {
    guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw CocoaError(.fileNoSuchFile) }
    var request = URLRequest(url: url, timeoutInterval: 20)
    if !key.isEmpty { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
    let (body, response) = try await URLSession.shared.data(for: request)
    let status = (response as? HTTPURLResponse)?.statusCode ?? 0
    guard status == 200 else { throw Refused(status: status, body: body) }
    return body
  }
}
