import CHiredis
import Foundation

/// One connection to a Redis, for one thread: whoever waits on it waits.
final class RedisWire {
  private let context: UnsafeMutablePointer<redisContext>

  /// Connects, authenticates and chooses the database; each step within the deadline.
  init(_ address: RedisAddress, deadline: Duration) throws(RedisError) {
    let limit = timeval(deadline)
    let opened =
      switch address.destination {
      case .host(let host, let port): redisConnectWithTimeout(host, port, limit)
      case .socket(let path): redisConnectUnixWithTimeout(path, limit)
      }
    guard let opened else { throw RedisError(reason: "no memory for a connection") }
    context = opened
    try check()
    guard redisSetTimeout(context, limit) == REDIS_OK else { throw RedisError(reason: "no deadline could be set") }
    if let password = address.password {
      _ = try ask(["AUTH"] + (address.user.map { [$0] } ?? []) + [password])
    }
    if address.database > 0 { _ = try ask(["SELECT", "\(address.database)"]) }
  }

  deinit { redisFree(context) }

  /// One command and its answer.
  func ask(_ arguments: [String]) throws(RedisError) -> RedisAnswer {
    try send(arguments)
    return try receive()
  }

  /// Puts a command into the pipeline, which goes out when an answer is waited for.
  func send(_ arguments: [String]) throws(RedisError) {
    var text: [CChar] = []
    var lengths: [Int] = []
    for argument in arguments {
      let before = text.count
      text.append(contentsOf: argument.utf8.lazy.map { CChar(bitPattern: $0) })
      lengths.append(text.count - before)
    }
    let status = text.withUnsafeBufferPointer { text in
      var start = text.baseAddress
      var starts: [UnsafePointer<CChar>?] = lengths.map { length in
        defer { start = start.map { $0 + length } }
        return start
      }
      return redisAppendCommandArgv(context, Int32(lengths.count), &starts, lengths)
    }
    guard status == REDIS_OK else { throw failure }
  }

  /// The next answer of the pipeline. An error that Redis answers is thrown, too.
  func receive() throws(RedisError) -> RedisAnswer {
    var pointer: UnsafeMutableRawPointer?
    guard redisGetReply(context, &pointer) == REDIS_OK, let pointer else { throw failure }
    defer { freeReplyObject(pointer) }
    return try RedisAnswer(pointer.assumingMemoryBound(to: redisReply.self).pointee)
  }

  private func check() throws(RedisError) { if context.pointee.err != 0 { throw failure } }

  private var failure: RedisError {
    // The text is an array of characters in the structure.
    let text = withUnsafeBytes(of: context.pointee.errstr) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return RedisError(reason: text.isEmpty ? "the connection broke" : text)
  }
}

/// What Redis answered: the kinds that our commands get.
enum RedisAnswer: Equatable {
  case integers([Int64])
  case text(String)

  fileprivate init(_ reply: redisReply) throws(RedisError) {
    let text = reply.str.map {
      String(decoding: UnsafeRawBufferPointer(start: $0, count: Int(reply.len)), as: UTF8.self)
    }
    switch reply.type {
    case REDIS_REPLY_ERROR: throw RedisError(reason: text ?? "an error without a text")
    case REDIS_REPLY_STRING, REDIS_REPLY_STATUS: self = .text(text ?? "")
    case REDIS_REPLY_ARRAY:
      self = .integers(
        (0..<Int(reply.elements)).compactMap { index in
          reply.element[index].flatMap { $0.pointee.type == REDIS_REPLY_INTEGER ? $0.pointee.integer : nil }
        })
    default: throw RedisError(reason: "an answer of type \(reply.type), which was not asked for")
    }
  }
}

/// Why a Redis could not be used: away, too slow, or it refused.
struct RedisError: Error, CustomStringConvertible {
  let reason: String
  var description: String { reason }
}

extension timeval {
  fileprivate init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
  }
}
