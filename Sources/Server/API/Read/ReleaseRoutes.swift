import Application
import Hummingbird

/// What a release changed.
struct ReleaseRoutes: Sendable {
  let questions: Questions
  let spans: SpanReader

  func add(to operations: inout Operations) { operations.add(.releaseEndpoints, endpoints) }

  private func endpoints(_ call: Call) async throws -> Response {
    let whose = try await spans.span(call)
    let (release, window) = (try call(ReleaseParameters.release), try call(ReleaseParameters.window))
    let found = try await questions.endpoints(
      ofRelease: release, project: whose.project, of: whose.account, mode: whose.mode, window: window,
      after: try call(ReadRoutes.rank), limit: try call(ReadRoutes.limit))
    let answered = try found.map { endpoints in
      guard let endpoints else { throw Problem.noRelease(release) }
      return ReleaseAnswer(release: release, window: window, found: endpoints)
    }
    return .json(SpanAnswer(span: whose, answered: answered), in: ReleaseShapes.endpoints)
  }
}

extension Problem {
  fileprivate static func noRelease(_ release: String) -> Problem {
    Problem(
      .releaseNotFound,
      "no request that is kept names the release \(release.prefix(64)): see /api/v1/projects/{project_id}/releases")
  }
}
