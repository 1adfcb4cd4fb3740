import Foundation
import FoundationNetworking

extension HTTP {
  /// What a server answered, whatever it was.
  struct Reply: Sendable {
    let status: Int
    let body: Data
    /// By names in lower case.
    let headers: [String: String]

    /// A member that is a text, by its path: `reply["user", "user_id"]`.
    subscript(path: String...) -> String? {
      var value = try? JSONSerialization.jsonObject(with: body)
      for name in path { value = (value as? [String: Any])?[name] }
      return value as? String
    }

    /// The last part of a problem's type.
    var problem: String? { self["type"]?.split(separator: ":").last.map(String.init) }
  }

  /// Sends a request, with JSON if given, as somebody if given, and from a client as a proxy tells it if given.
  static func send(
    _ method: String, port: Int, _ path: String, body: String? = nil, as credential: String? = nil,
    from client: String? = nil
  ) async throws -> Reply {
    guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw CocoaError(.fileNoSuchFile) }
    var request = URLRequest(url: url, timeoutInterval: 20)
    request.httpMethod = method
    if let credential { request.setValue("Bearer \(credential)", forHTTPHeaderField: "Authorization") }
    if let client { request.setValue(client, forHTTPHeaderField: "X-Forwarded-For") }
    if let body {
      request.setValue("application/json", forHTTPHeaderField: "Content-Type")
      request.httpBody = Data(body.utf8)
    }
    let (data, response) = try await URLSession.shared.data(for: request)
    let answer = response as? HTTPURLResponse
    let headers = (answer?.allHeaderFields ?? [:]).map { ("\($0)".lowercased(), "\($1)") }
    return Reply(
      status: answer?.statusCode ?? 0, body: data, headers: Dictionary(headers, uniquingKeysWith: { first, _ in first })
    )
  }
}
