import Domain
import Logging

extension StripeClient {
  /// So often is a call made that gets no answer, or comes too fast.
  private static let attempts = 4
  /// Longer than that nobody waits, whatever Stripe says.
  private static let longestPause = Duration.seconds(10)

  /// Again with the same key while the answer is lost, or Stripe asks for patience.
  func call(_ method: String, _ path: String, body: String?, key: String?) async throws -> StripeReply {
    var last: StripeFailure?
    for number in 1...Self.attempts {
      if number > 1 { try await Task.sleep(for: Self.pause(before: number, last, asked: last?.retryAfter)) }
      do {
        let (came, answer) = try await attempt(method, path, body: body, key: key)
        if let answer { return answer }
        var failure = Self.failure(came)
        failure.retryAfter = came.headers["retry-after"].flatMap { Int64($0) }
        guard Self.isForTheSameAgain(came.status, failure) else { throw failure }
        last = failure
      } catch let failure as StripeFailure where failure.status == nil { last = failure }
      logger.warning(
        "a call to Stripe was not answered, making it again", metadata: ["reason": "\(last?.description ?? "")"])
    }
    throw last ?? StripeFailure(status: nil, message: "no attempt was made")
  }

  /// A 500 is stored under the key: the same would be answered for a day.
  private static func isForTheSameAgain(_ status: Int, _ failure: StripeFailure) -> Bool {
    switch status {
    case 429, 502, 503, 504: true
    case 409: failure.code == "idempotency_key_in_use" || failure.code == "lock_timeout"
    default: false
    }
  }

  /// Half a second, doubled, drawn anew each time so that many who failed together don't come together.
  private static func pause(before number: Int, _ last: StripeFailure?, asked: Int64?) -> Duration {
    if let asked { return min(longestPause, .seconds(max(0, asked))) }
    return .milliseconds(Int64.random(in: 250...500) << Int64(number - 2))
  }

  /// Makes an object. After a 500 it looks whether it was made all the same, and else goes on with a key of its own.
  ///
  /// - Parameter find: looks the object up; nil: it is not there.
  func make(
    _ path: String, _ form: StripeForm, key: String, unless find: () async throws -> StripeReply?
  ) async throws -> StripeReply {
    var key = key
    for number in 2...Self.attempts {
      do { return try await post(path, form, key: key) } catch let failure as StripeFailure
        where failure.status == 500 || failure.isOfReusedKey
      {
        if let made = try await find() { return made }
        key = "\(key.prefix(200))-\(number)"
      }
    }
    return try await post(path, form, key: key)
  }
}
