import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import NIOHTTP1
import TestDatabase
import Testing

@testable import Server

/// What a path is served with, it says itself, of every operation.
@Suite struct MethodTests {
  @Test func everyPathNamesItsMethodsAndHasHEADWhereverGETIs() async throws {
    try await Service.with { service in
      for (path, methods) in try Self.methods(service) {
        let options = try await service.client.executeRequest(uri: path, method: .options, headers: [:], body: nil)
        let implied: Set = methods.contains("GET") ? ["HEAD", "OPTIONS"] : ["OPTIONS"]
        let allowed = methods.union(implied).sorted().joined(separator: ", ")
        #expect(options.status == .noContent && options.body.readableBytes == 0, "\(path)")
        #expect(options.headers[.allow] == allowed, "\(path)")
        #expect(options.headers[.requestID] != nil, "\(path)")

        let wrong = try await service.send(.trace, path)
        wrong.expectProblem("method-not-allowed", status: 405, "\(path)")
        #expect(wrong.headers[.allow] == allowed, "\(path)")

        let head = try await service.client.executeRequest(uri: path, method: .head, headers: [:], body: nil)
        if head.status == .ok { #expect(head.body.readableBytes == 0, "\(path)") }
        let get = methods.contains("GET") ? try await service.send(.get, path).status : 405
        #expect(head.status.code == get, "\(path)")
      }
    }
  }

  @Test func anUnknownPathHasNoMethods() async throws {
    try await Service.with { service in
      for path in ["/nothing", "/api/v1/nothing", "/api/v1/track/x"] {
        let answer = try await service.send(.options, path)
        answer.expectProblem("not-found", status: 404, "\(path)")
        #expect(answer.headers[.allow] == nil)
      }
    }
  }

  @Test func theServerAsAWholeNamesTheMethodsOfAllOperations() async throws {
    try await Service.with { service in
      let all = try Self.methods(service).values.reduce(into: Set(["HEAD", "OPTIONS"])) { $0.formUnion($1) }
      #expect(EdgeAnswer.options.head.headers["Allow"] == [all.sorted().joined(separator: ", ")])
    }
  }

  /// The methods of each path of the document, with something in the place of its parameters.
  private static func methods(_ service: Service) throws -> [String: Set<String>] {
    let server = RecountServer(log: service.test.log, projections: Service.projections, logger: Service.silent)
    return try server.operations().all.reduce(into: [:]) { methods, operation in
      let path = operation.path.replacing(/\{[^}]+\}/, with: "0193e7a4-5b6c-7d8e-9f01-23456789abcd")
      methods[path, default: []].insert(operation.method.rawValue)
    }
  }
}
