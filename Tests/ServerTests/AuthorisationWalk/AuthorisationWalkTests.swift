import Application
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Server
import TestDatabase
import Testing

/// Everybody tries every route: nobody, forgers, people of other accounts, members of each role, keys.
@Suite struct AuthorisationWalkTests {
  @Test func whatEachRouteAsksForIsDecided() async throws {
    try await Service.with { service in
      let routes = try service.served().operations.map(\.description)
      #expect(Set(routes) == Set(RouteRights.all.keys))
    }
  }

  @Test(.timeLimit(.whatHangs)) func everyRouteServesThoseItShouldAndNobodyElse() async throws {
    try await Service.with { service in
      let forger = try await Forger(for: service)
      let stages = try await Self.stages(in: service, forging: forger)
      for stage in stages {
        for walker in stage.walkers {
          let answer = try await stage.send(as: walker, to: service)
          let expected = stage.expected(of: walker)
          #expect(answer.status < 500, "\(stage.route) as \(walker.name): \(answer.json)")
          // A route that asks for nothing may still find a password or a token in the body wrong.
          guard stage.entry.right != .nobody else { continue }
          #expect(
            Verdict(answer) == expected,
            "\(stage.route) as \(walker.name): \(answer.status) \(answer.problem ?? ""), expected to be \(expected)")
        }
      }
    }
  }

  /// A route, and those who try it.
  private struct Stage: Sendable {
    let route: ServedRoute
    let entry: RouteRights.Entry
    let cast: Cast
    let walkers: [Walker]

    func expected(of walker: Walker) -> Verdict {
      Verdict(
        walker.standing, at: entry.right, isOfSomeone: (route.path + entry.query).contains(/\{(account|project)_id\}/))
    }

    func send(as walker: Walker, to service: Service) async throws -> Answer {
      let ids = ["{account_id}": cast.accountID, "{project_id}": cast.projectID]
      let uri = (route.path + entry.query).replacing(/\{\w+\}/) {
        (ids[String($0.output)] ?? UUID()).uuidString.lowercased()
      }
      let hasBody = ![.get, .delete].contains(route.method)
      let body = entry.body.replacingOccurrences(of: "NOW", with: service.clock.time())
      return try await service.send(
        route.method, uri, key: walker.credential, headers: hasBody ? [.contentType: "application/json"] : [:],
        body: hasBody ? ByteBuffer(string: body) : nil)
    }
  }

  /// Who is served by a route that changes something may spoil it for the next, so has a cast of their own.
  private static func stages(in service: Service, forging forger: Forger) async throws -> [Stage] {
    let shared = try Cast()
    var stages: [Stage] = []
    for route in try service.served().operations {
      guard let entry = RouteRights.all[route.description] else { continue }
      let together = Stage(route: route, entry: entry, cast: shared, walkers: shared.walkers(forging: forger))
      guard route.method != .get, entry.right != .nobody else {
        stages.append(together)
        continue
      }
      let served = together.walkers.filter { together.expected(of: $0) == .served }.map(\.name)
      let refused = together.walkers.filter { !served.contains($0.name) }
      stages.append(Stage(route: route, entry: entry, cast: shared, walkers: refused))
      for name in served {
        let cast = try Cast()
        let walkers = cast.walkers(forging: forger).filter { $0.name == name }
        stages.append(Stage(route: route, entry: entry, cast: cast, walkers: walkers))
      }
    }
    try await Cast.appear(stages.map(\.cast), in: service)
    return stages
  }
}
