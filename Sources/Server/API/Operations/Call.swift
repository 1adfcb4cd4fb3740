import Application
import Domain
import Hummingbird

/// A request for an operation.
struct Call: Sendable {
  let operation: Operation
  let request: Request
  let context: RecountContext

  /// A query parameter's value. Throws the problem of one that won't do.
  func callAsFunction<Value>(_ parameter: Parameter<Value>) throws -> Value {
    assert(operation.query.names.contains(parameter.name), "\(operation.id) does not declare \(parameter.name)")
    return try parameter.read(ReadParameters(request))
  }

  /// What the operation's right is to.
  var action: Action {
    switch operation.right {
    case .member(let action), .memberOrKey(let action, _): action
    case .nobody, .person, .key: preconditionFailure("\(operation.id) is no member's")
    }
  }

  /// The body, which holds no members but those declared.
  func body() async throws -> SentBody {
    guard case .object(let body) = operation.body else { preconditionFailure("\(operation.id) declares no body") }
    return SentBody(body: body, json: try await JSONBody(request, allowed: body.names))
  }

  /// The id of what is created under the request's Idempotency-Key; nil when it has none.
  var idempotencyKey: IdempotencyKey? {
    get throws {
      assert(operation.isIdempotent, "\(operation.id) does not declare Idempotency-Key")
      return try IdempotencyKey(request)
    }
  }

  /// Throws the problem of a query parameter that the operation does not have: a misspelt one would else be answered as if it had
  /// not been given.
  func refuseUnknownParameters() throws(Problem) {
    guard !operation.hasNothingToMistake else { return }
    for (name, _) in request.uri.queryParameters where !name.isEmpty && !operation.query.names.contains(String(name)) {
      throw .unknown(String(name), among: operation.query.names, what: "query parameter")
    }
  }
}

extension Operation {
  /// What a machine asks or sends, without any parameter that could be misspelt: a probe that adds one to get past a cache must not be told
  /// that the server is ill, nor a sender lose what it tracked.
  fileprivate var hasNothingToMistake: Bool {
    query.names.isEmpty && [.nobody, .key(.track)].contains(right)
  }
}

/// A body as it was sent.
struct SentBody {
  fileprivate let body: Body
  fileprivate let json: JSONBody

  /// A member's value. Throws the problem of one that won't do.
  func callAsFunction<Value>(_ member: Member<Value>) throws -> Value {
    assert(body.names.contains(member.described.name), "\(member.described.name) is not declared")
    return try member.read(json)
  }

  /// Whether the member is there, be it null.
  func mentions<Value>(_ member: Member<Value>) -> Bool { json.mentions(member.described.name) }
}

extension Problem {
  /// A name that nothing has here, and the one that was meant, as far as can be told.
  static func unknown(_ name: String, among names: [String], what: String) -> Problem {
    let name = String(name.prefix(64))
    let meant = Spelling.nearest(to: name, among: names).map { "did you mean `\($0)`? " } ?? ""
    let allowed = names.isEmpty ? "no \(what) at all" : names.sorted().joined(separator: ", ")
    return Problem(
      .invalidParameter, "there is no \(what) `\(name)` here: \(meant)allowed is \(allowed)",
      members: ["field": .string(name), "found": .string("a \(what) of this name"), "allowed": .string(allowed)])
  }
}
