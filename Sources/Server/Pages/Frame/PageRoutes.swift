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

  /// - Parameter ground: what it is made of: whoever has it, and nothing of that has changed, is told so without its being made. Nil: it is made each
  ///   time, and is known by what it shows.
  func get(
    _ path: String, for audience: Audience, madeOf ground: PageGround? = nil, _ handler: @escaping Handler
  ) {
    add(.get, path, audience, ground, handler)
  }

  /// A form's target.
  func post(_ path: String, for audience: Audience, _ handler: @escaping Handler) {
    add(.post, path, audience, nil, handler)
  }

  private func add(
    _ method: HTTPRequest.Method, _ path: String, _ audience: Audience, _ ground: PageGround?,
    _ handler: @escaping Handler
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
        let answer = try await Self.answer(call, ground, site, handler)
        return try response(answer.setting(all: cookies).about(call.subject))
      } catch {
        return try response(try ProblemPage(error, to: call).answer.about(call.subject))
      }
    }
  }
}

extension PageRoutes {
  /// What the handler answers, unless whoever asks has it already.
  private static func answer(
    _ call: PageCall, _ ground: PageGround?, _ site: Site, _ handler: Handler
  ) async throws -> PageAnswer {
    guard let state = try await site.state(of: call, ground) else { return try await handler(call) }
    if let tag = state.tag(knownTo: call.request) { return .unchanged(tag) }
    var call = call
    call.memberships = state.memberships
    var answer = try await handler(call)
    // Where read models moved meanwhile, it may be made of others than are watched.
    if let moments = answer.moments, site.tenancy.questions.areSettled {
      answer.tag = state.tag(changingAt: moments + call.subject.moments)
    }
    return answer
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
