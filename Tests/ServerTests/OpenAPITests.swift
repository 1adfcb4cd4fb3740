import Application
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import Postgres
import Server
import TestDatabase
import Testing

/// What is served is what is described, and the other way round.
@Suite struct OpenAPITests {
  @Test func everyRouteIsDescribedAndEveryDescriptionServed() async throws {
    try await Service.with { service in
      let served = try service.served().operations.map { "\($0.method.rawValue.lowercased()) \($0.path)" }
      let document = try await service.get("/openapi.json")
      #expect(document["openapi"].string?.hasPrefix("3.1") == true)
      let described = document["paths"].members.flatMap { path, item in item.members.keys.map { "\($0) \(path)" } }
      #expect(Set(served) == Set(described))
      #expect(served.count == described.count)
    }
  }

  @Test func eachOperationIsDescribedInWordsAndUnderATag() async throws {
    try await Service.with { service in
      let document = try await service.get("/openapi.json").json
      let tags = Set(document["tags"].elements.compactMap { $0["name"].string })
      for (path, item) in document["paths"].members {
        for (method, operation) in item.members {
          for word in ["operationId", "summary", "description"] {
            #expect(operation[word].string?.isEmpty == false, "\(method) \(path): \(word)")
          }
          #expect(operation["tags"].elements.compactMap(\.string).allSatisfy(tags.contains), "\(method) \(path)")
          #expect(operation["tags"].elements.count == 1, "\(method) \(path)")
        }
      }
    }
  }

  @Test func everyRefusalIsAComponentWhichNamesItsProblems() async throws {
    try await Service.with { service in
      let document = try await service.get("/openapi.json").json
      for (path, item) in document["paths"].members {
        for (method, operation) in item.members {
          for (status, response) in operation["responses"].members where status >= "400" {
            let name = response["$ref"].string?.split(separator: "/").last.map(String.init) ?? ""
            let component = document["components"]["responses"][name]
            #expect(component["content"]["application/problem+json"] != .null, "\(method) \(path) \(status)")
            for kind in name.split(separator: ".") {
              #expect(Problem.Kind(rawValue: String(kind))?.status.code == Int(status), "\(method) \(path) \(kind)")
            }
          }
        }
      }
    }
  }

  @Test func everyReferenceLeadsSomewhere() async throws {
    try await Service.with { service in
      let document = try await service.get("/openapi.json").json
      let references = Self.references(in: document)
      #expect(!references.isEmpty)
      for reference in references {
        let target = reference.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] }
        #expect(target != .null, "\(reference)")
      }
    }
  }

  @Test func theServerIsHealthyWhileItsDatabaseAnswers() async throws {
    try await Service.with { service in
      let answer = try await service.get("/healthz")
      #expect(answer.status == 200)
      #expect(answer.json == ["status": "ok"])
      await service.test.log.pool.close()
      try await service.get("/healthz").expectProblem("database-unavailable", status: 503)
    }
  }

  private static func references(in json: JSON) -> [String] {
    [json["$ref"].string].compactMap { $0 } + json.members.values.flatMap(references)
      + json.elements.flatMap(references)
  }
}
