import Application
import HTTPTypes
import Hummingbird
import Logging

/// What went wrong, as a page. Whoever has to log in first is led there, and comes back here.
struct ProblemPage {
  let answer: PageAnswer

  init(_ error: any Error, to call: PageCall) throws {
    if let gone = error as? ClientGone { throw gone }
    if let error = error as? AuthenticationError, let led = Self.toLogIn(error, call) {
      answer = led
      return
    }
    let problem =
      (error as? Complaint)?.problem ?? Problem(error)
      ?? Problem(.internalError, "the error was logged under this request id")
    if problem.kind.status.code >= 500 {
      call.context.logger.error(
        "page failed",
        metadata: ["path": "\(call.request.withoutSecret.uri.path)", "error": "\(String(reflecting: error))"])
    }
    answer = .page(
      "frame/problem", title: problem.kind.title, ProblemView(problem, requestID: call.context.requestID),
      status: problem.kind.status)
  }

  private static func toLogIn(_ error: AuthenticationError, _ call: PageCall) -> PageAnswer? {
    switch error {
    case .missingToken: break
    case .sessionOver where call.visitor == nil: break
    default: return nil
    }
    // What was to be sent by a form is not sent again by itself: the page that has the form is shown instead, where it is one.
    let next = call.request.method == .get ? call.here : nil
    let answer = PageAnswer.seeOther(.logIn(next: next))
    return error == .sessionOver ? answer.endingSession(call.cookies) : answer
  }
}

/// A problem in words.
struct ProblemView: Sendable {
  let title: String
  let detail: String
  let status: Int
  let requestID: String
  /// Whether trying again later may help.
  let isPassing: Bool

  init(_ problem: Problem, requestID: String) {
    title = problem.kind.title
    detail = problem.detail.sentence
    status = problem.kind.status.code
    self.requestID = requestID
    isPassing = [503, 429].contains(problem.kind.status.code)
  }
}

extension String {
  /// An error's text, which has no capital and no full stop, as a sentence.
  var sentence: String {
    guard let first else { return self }
    return first.uppercased() + dropFirst() + (hasSuffix(".") ? "" : ".")
  }
}
