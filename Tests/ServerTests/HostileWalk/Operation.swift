import Domain
import Foundation
import HTTPTypes
import NIOCore

@testable import Application
@testable import Server

/// A route as /openapi.json describes it.
struct Operation: Sendable, CustomStringConvertible {
  let method: HTTPRequest.Method
  let path: String
  /// Names of its parameters, by where they stand.
  let query, header: [String]
  /// Names of its body's members.
  let members: [String]

  var description: String { "\(method.rawValue) \(path)" }

  static func all(of service: Service) async throws -> [Operation] {
    let document = try await service.get("/openapi.json").json
    func resolved(_ json: JSON) -> JSON {
      guard let reference = json["$ref"].string else { return json }
      return reference.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] }
    }
    return document["paths"].members.sorted { $0.key < $1.key }.flatMap { path, item in
      item.members.sorted { $0.key < $1.key }.map { method, operation in
        let parameters = operation["parameters"].elements.map(resolved)
        func names(_ place: JSON) -> [String] {
          parameters.filter { $0["in"] == place }.compactMap { $0["name"].string }
        }
        let schema = resolved(operation["requestBody"]["content"]["application/json"]["schema"])
        let variants = [schema] + (schema["oneOf"].elements + schema["anyOf"].elements).map(resolved)
        return Operation(
          method: HTTPRequest.Method(method.uppercased()) ?? .get, path: path, query: names("query"),
          header: names("header"), members: Set(variants.flatMap { $0["properties"].members.keys }).sorted())
      }
    }
  }

  struct HostileRequest: Sendable, CustomStringConvertible {
    var uri: String
    var headers: HTTPFields = [:]
    var body: String?
    var description: String { "\(uri) \(headers) \(body ?? "")" }
  }

  func hostileRequests(_ cast: Cast, in service: Service) -> [HostileRequest] {
    let uri = uri(cast)
    let entry = RouteRights.all[description]
    let body = [.get, .delete].contains(method) ? nil : entry?.body.replacing("NOW", with: service.clock.time())
    var requests = [HostileRequest(uri: uri, body: body)]
    for name in pathNames {
      requests += Hostile.ids.map { HostileRequest(uri: self.uri(cast, [name: $0]), body: body) }
    }
    for name in query {
      requests += Hostile.values(of: name).map { value in
        // The others as they should be, so that this one is come to.
        let others = query.filter { $0 != name }.compactMap { other in
          Hostile.usual(other, in: service).map { "\(other)=\($0)" }
        }
        let parameters = (others + ["\(name)=\(Hostile.percentEncoded(value))"]).joined(separator: "&")
        return HostileRequest(uri: "\(uri)?\(parameters)", body: body)
      }
    }
    if query.contains("from") { requests += Hostile.spans.map { HostileRequest(uri: "\(uri)?\($0)", body: body) } }
    for (name, values) in header.map({ ($0, Hostile.numbers + Hostile.headers) })
      + ["X-Forwarded-For", "User-Agent", "Content-Encoding"].map({ ($0, Hostile.headers) })
    {
      guard let name = HTTPField.Name(name) else { continue }
      requests += values.map { HostileRequest(uri: uri, headers: [name: $0], body: body) }
    }
    guard let body else { return requests }
    for name in members {
      requests += Hostile.json.map { HostileRequest(uri: uri, body: Hostile.body(body, with: name, $0)) }
    }
    requests += Hostile.bodies.map { HostileRequest(uri: uri, body: $0) }
    return requests
  }

  private var pathNames: [String] { path.matches(of: /\{(\w+)\}/).map { String($0.output.1) } }

  private func uri(_ cast: Cast, _ given: [String: String] = [:]) -> String {
    let usual = [
      "account_id": cast.accountID.text, "project_id": cast.projectID.text, "month": "2026-11", "shard": "0",
    ]
    return path.replacing(/\{(\w+)\}/) { match in
      let name = String(match.output.1)
      return given[name].map(Hostile.percentEncoded) ?? usual[name] ?? UUID().text
    }
  }
}
