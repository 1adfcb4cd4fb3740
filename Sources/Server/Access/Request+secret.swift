import HTTPTypes
import Hummingbird

extension Request {
  /// The same without what of its path is a secret: the token of a shared link. What is logged, or traced, is this.
  var withoutSecret: Request {
    // As the router reads it, which takes several slashes for one.
    guard uri.path.split(separator: "/").first == "shared" else { return self }
    var head = head
    head.path = "/shared/-"
    return Request(head: head, body: body)
  }
}
