import Hummingbird
import NIOCore
import NIOHTTP1

/// An answer that is given before a request reaches the routes: the last of its connection.
struct EdgeAnswer {
  private(set) var head: HTTPResponseHead
  /// None to HEAD.
  private(set) var body: ByteBuffer?

  private init(_ status: HTTPResponseStatus, requestID: String) {
    head = HTTPResponseHead(version: .http1_1, status: status)
    head.headers = [
      "Connection": "close", "Date": AnswerHeaders.date, "Server": "recount", "X-Request-Id": requestID,
    ]
  }

  /// Shows a problem.
  init(_ problem: Problem, isToHead: Bool = false) {
    let requestID = "\(RequestID())"
    let (status, document) = (problem.kind.status, problem.document(requestID: requestID))
    self.init(.init(statusCode: status.code, reasonPhrase: status.reasonPhrase), requestID: requestID)
    head.headers.add(name: "Content-Type", value: "application/problem+json")
    head.headers.add(name: "Link", value: problem.kind.link)
    head.headers.add(name: "Content-Length", value: "\(document.readableBytes)")
    body = isToHead ? nil : document
  }

  /// To `OPTIONS *`: what the server can do at all.
  static var options: EdgeAnswer {
    var answer = EdgeAnswer(.noContent, requestID: "\(RequestID())")
    answer.head.headers.add(name: "Allow", value: "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT")
    return answer
  }
}
