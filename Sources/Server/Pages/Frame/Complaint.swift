import Application
import Domain
import HTTPTypes

/// What is wrong with what a form sent, for the form that is shown again with it: beside the field, or above them all.
struct Complaint: Error, Sendable {
  let general: String?
  /// By the name of the field.
  let fields: [String: String]
  let problem: Problem

  /// Nil for what is no fault of what was sent.
  init?(_ error: any Error) {
    if let complaint = error as? Complaint {
      self = complaint
      return
    }
    guard let problem = Problem(error), (400..<500).contains(problem.kind.status.code) else { return nil }
    switch problem.kind {
    case .missingToken, .invalidToken, .sessionEnded, .crossOrigin, .forbidden, .malformedBody, .bodyTooLarge,
      .accountNotFound,
      .projectNotFound, .notFound:
      return nil
    default: break
    }
    self.problem = problem
    if case .string(let field)? = problem.members["field"] {
      (general, fields) = (nil, [field: Self.text(of: problem)])
    } else {
      (general, fields) = (problem.detail.sentence, [:])
    }
  }

  init(_ field: String, _ text: String) {
    (general, fields) = (nil, [field: text])
    problem = Problem(.invalidParameter, text)
  }

  /// What was found stands in the field already.
  private static func text(of problem: Problem) -> String {
    guard case .string(let allowed)? = problem.members["allowed"] else { return problem.detail.sentence }
    return "This takes \(allowed)."
  }
}

extension Complaint {
  /// Fields with this one's text.
  func of(_ field: String) -> String? { fields[field] }
}
