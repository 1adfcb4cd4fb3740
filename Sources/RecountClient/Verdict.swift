import Foundation

/// What an HTTP answer to a batch means.
enum Verdict: Equatable {
  case receipt(TrackReceipt)
  case tryAgain(reason: String, after: Duration?)
  case failed(RecountError)

  /// A problem that carries the four counts is an answer too: nothing was accepted, and here is why for each event.
  /// So a quota that is used up (429) is not tried again, and an overloaded server (429 or 503) is.
  init(status: Int, retryAfter: String?, body: Data) {
    // A proxy may answer anything.
    let body = JSONDepth.isReadable(body) ? body : Data()
    let receipt = try? JSONDecoder().decode(TrackReceipt.self, from: body)
    if let receipt, (200..<500).contains(status) {
      self = .receipt(receipt)
      return
    }
    let problem = Self.problem(status: status, body: body)
    self =
      switch status {
      case 408, 425, 429, 500...599: .tryAgain(reason: "the server says: \(problem)", after: Self.seconds(retryAfter))
      case 401, 403: .failed(.unauthorized(problem))
      case 400..<500: .failed(.rejected(problem))
      default: .failed(.unexpectedAnswer(status: status))
      }
  }

  private static func problem(status: Int, body: Data) -> ServerProblem {
    var problem = (try? JSONDecoder().decode(ServerProblem.self, from: body)) ?? ServerProblem(status: status)
    problem.status = status
    return problem
  }

  /// Retry-After in seconds (RFC 9110, section 10.2.3). Our server sends no dates; one of a proxy leaves us with the back-off.
  private static func seconds(_ text: String?) -> Duration? {
    text.flatMap { Int($0) }.flatMap { $0 >= 0 ? .seconds($0) : nil }
  }
}
