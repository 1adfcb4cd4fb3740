import Application
import Domain
import HTTPTypes

/// All that a route says of itself, where it stands. What is served, /openapi.json, the methods of a path and what a body may hold come
/// of it; and whoever answers a problem that is not among its own fails a test.
struct Operation: Sendable {
  let method: HTTPRequest.Method
  /// With names in braces.
  let path: String
  /// Unique; what generated clients call it.
  let id: String
  let tag: Tag
  let title: String
  let note: String
  let right: Right
  let query: QueryParameters
  /// Whether it takes an Idempotency-Key.
  let isIdempotent: Bool
  let body: RequestBody?
  let answer: OperationAnswer
  /// Those of its own, beside what its right, its body and all of them may answer.
  let problems: [Problem.Kind]

  init(
    _ method: HTTPRequest.Method, _ path: String, id: String, _ tag: Tag, _ title: String, note: String, right: Right,
    query: QueryParameters = QueryParameters(), isIdempotent: Bool = false, body: RequestBody? = nil,
    answer: OperationAnswer, problems: [Problem.Kind] = []
  ) {
    self.method = method
    self.path = path
    self.id = id
    self.tag = tag
    self.title = title
    self.note = note
    self.right = right
    self.query = query
    self.isIdempotent = isIdempotent
    self.body = body
    self.answer = answer
    self.problems = problems
  }

  /// What it takes to be served.
  enum Right: Sendable, Equatable {
    /// Nothing.
    case nobody
    /// The access token of anyone who logged in.
    case person
    /// The access token of a member of the account whose role gives the right to an action.
    case member(Action)
    /// A project's API key with a scope.
    case key(KeyScope)
    /// Either of the two.
    case memberOrKey(Action, KeyScope)
  }

  /// Where it stands in the document.
  enum Tag: String, Sendable, CaseIterable {
    case tracking = "Tracking"
    case numbers = "Numbers"
    case accounts = "Accounts"
    case billing = "Billing"
    case projects = "Projects"
    case keys = "Keys"
    case links = "Links"
    case people = "People"
    case audit = "Audit"
    case system = "System"

    var note: String {
      switch self {
      case .tracking: "What a program sends: an event per request that it served."
      case .numbers: "What was tracked, counted: traffic, usage, and what became of all that was sent."
      case .accounts: "Who pays, who may act for it, and what can be taken away of it."
      case .billing: "What an account pays for, and what it was charged."
      case .projects: "What is tracked apart, and what was tracked wrongly."
      case .keys: "What programs send and read with."
      case .links: "What shows a project's numbers to anybody who has its address, read only."
      case .people: "Signing up, logging in, and what a person sees and changes of themselves."
      case .audit: "What an auditor checks without trusting anybody: checkpoints and proofs."
      case .system: "What machines ask: is it alive, and what does it serve."
      }
    }
  }

  /// What is sent.
  enum RequestBody: Sendable {
    case object(Body)
    /// Read by its route itself.
    case other(Schema, components: [String: Schema])
  }
}

extension Operation {
  /// Every kind of problem that it may answer.
  var kinds: Set<Problem.Kind> {
    var kinds = Set(problems).union([.invalidParameter, .internalError, .databaseUnavailable, .overloaded])
    switch right {
    case .nobody: break
    case .person: kinds.formUnion(Self.ofPerson)
    case .member(let action): kinds.formUnion(Self.ofPerson.union(ofMember(action)))
    case .key: kinds.formUnion(Self.ofKey)
    case .memberOrKey(let action, _): kinds.formUnion(Self.ofPerson.union(Self.ofKey).union(ofMember(action)))
    }
    if case .object = body { kinds.formUnion([.malformedBody, .bodyTooLarge, .unsupportedEncoding]) }
    return kinds
  }

  private static let ofPerson: Set<Problem.Kind> = [
    .missingToken, .invalidToken, .sessionEnded, .projectionStopped,
  ]

  private static let ofKey: Set<Problem.Kind> = [
    .missingKey, .malformedKey, .unknownKey, .revokedKey, .expiredKey, .missingScope, .projectArchived, .accountClosed,
    .projectionStopped,
  ]

  private func ofMember(_ action: Action) -> Set<Problem.Kind> {
    var kinds: Set<Problem.Kind> = [path.contains("{project_id}") ? .projectNotFound : .accountNotFound]
    if !Account.Role.allCases.allSatisfy({ Permissions.allows($0, action) }) { kinds.insert(.forbidden) }
    if !action.isPossibleInClosedAccount { kinds.insert(.accountClosed) }
    return kinds
  }
}
