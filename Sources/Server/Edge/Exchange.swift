import NIOHTTP1

/// A request that has not been answered whole, as its connection remembers it.
struct Exchange {
  let method: HTTPMethod
  let version: HTTPVersion
  /// Whether the client wants to send another after it.
  let isKeptAlive: Bool
  /// Whether its header has something to check before its body is taken.
  let hasKey: Bool
  /// Whether all of it has come.
  var isRead = false
  /// Bytes of its body that have come.
  var bytes = 0
  /// Bytes of it that have been taken from the budget.
  var taken = 0

  init(_ head: HTTPRequestHead) {
    method = head.method
    version = head.version
    hasKey = head.headers.contains(name: "Authorization")
    // After an upgrade asked for, which nobody here grants, the parser reads nothing more.
    isKeptAlive = head.isKeepAlive && !head.headers.contains(name: "Upgrade")
  }
}

extension Exchange {
  /// What the head of its answer must say beside what the answer says itself. Returns whether the connection ends with this answer.
  ///
  /// An answer that comes before all of the request has is the last: what is left of the request would have to be read first.
  ///
  /// - Parameter isLast: whether it is the last in any case.
  func complete(_ head: inout HTTPResponseHead, isLast: Bool) -> Bool {
    // An answer of unknown length to a client that knows no chunks, or to HEAD, which has none: its end is that of the connection.
    let isOpenEnded = !head.headers.contains(name: "Content-Length") && head.status.mayHaveResponseBody
    if isOpenEnded, version.minor < 1 || method == .HEAD { head.version = .http1_0 }
    let closes = isLast || !isRead || !isKeptAlive || head.version.minor < 1 || !head.isKeepAlive
    if closes { head.headers.replaceOrAdd(name: "Connection", value: "close") }
    if version.minor < 1, !closes { head.headers.replaceOrAdd(name: "Connection", value: "keep-alive") }
    return closes
  }
}
