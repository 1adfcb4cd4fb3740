import Application
import HTTPTypes
import Hummingbird

/// Puts pages on their paths, each with what all have in common around it.
struct PageRoutes {
  let site: Site
  let router: Router<RecountContext>
  /// For where a log-in may lead on to.
  let known: RouteTable

  /// Who may look.
  enum Audience: Sendable {
    case everybody
    /// Whoever is logged in: others are led to the log-in, and back.
    case people
    /// Whoever has the address, which is a secret. Who they are is not asked: all see the same.
    case bearers
  }

  typealias Handler = @Sendable (PageCall) async throws -> PageAnswer

  func get(_ path: String, for audience: Audience, _ handler: @escaping Handler) {
    add(.get, path, audience, handler)
  }

  /// A form's target.
  func post(_ path: String, for audience: Audience, _ handler: @escaping Handler) {
    add(.post, path, audience, handler)
  }

  private func add(
    _ method: HTTPRequest.Method, _ path: String, _ audience: Audience, _ handler: @escaping Handler
  ) {
    router.on(RouterPath(path), method: method) { [site] sent, context in
      let request = sent.asFormsWriteIt
      let names = try await site.doorkeeper.cookieNames()
      var call = PageCall(request: request, context: context, visitor: nil, cookies: names)
      func response(_ answer: PageAnswer) throws -> Response {
        var answer = answer
        answer.hasSecretAddress = audience == .bearers
        return try site.writer.response(to: request, of: call.visitor, answer)
      }
      do {
        if method != .get { try SameOrigin(address: site.address).check(request) }
        var cookies: [Cookie] = []
        if audience != .bearers { (call, cookies) = try await site.doorkeeper.admit(call, audience) }
        return try response(try await handler(call).setting(all: cookies).about(call.subject))
      } catch {
        return try response(try ProblemPage(error, to: call).answer.about(call.subject))
      }
    }
  }
}

extension Request {
  /// A form writes a space of its query as `+` (URL standard, application/x-www-form-urlencoded), which a URI knows nothing of. Links of pages write
  /// `%20`, and a plus as `%2B`.
  fileprivate var asFormsWriteIt: Request {
    guard let path = head.path, let mark = path.firstIndex(of: "?"), path[mark...].contains("+") else { return self }
    var head = head
    head.path = String(path[..<mark]) + String(path[mark...]).replacing("+", with: "%20")
    return Request(head: head, body: body)
  }
}

extension PageAnswer {
  fileprivate func about(_ subject: PageSubject) -> PageAnswer {
    var answer = self
    answer.isDemo = answer.isDemo || subject.isDemo
    answer.supportedAccount = subject.supportedAccount
    return answer
  }

  fileprivate func setting(all cookies: [Cookie]) -> PageAnswer {
    var answer = self
    // What the handler sets goes before: a log-out is not undone by a session that is prolonged.
    answer.cookies += cookies.filter { cookie in !answer.cookies.contains { $0.name == cookie.name } }
    return answer
  }
}
