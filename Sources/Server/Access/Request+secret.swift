import HTTPTypes
import Hummingbird

extension Request {
  /// The same without what of its path is a secret: the token of a shared link. What is logged, or traced, is this.
  var withoutSecret: Request {
    guard uri.path.hasPrefix(Self.shared) else { return self }
    var head = head
    head.path = Self.shared + "-"
    return Request(head: head, body: body)
  }

  private static let shared = "/shared/"
}
