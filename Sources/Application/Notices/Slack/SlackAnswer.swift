import Domain

/// What became of a message that was handed over.
enum SlackAnswer: Sendable, Equatable {
  case delivered
  /// Too much for now.
  case later(Duration)
  /// It may be taken another time.
  case failed(status: Int)
  /// Nobody answered, or nobody was asked.
  case unanswered(reason: String)
  /// It is never taken there again.
  case refused(status: Int)

  /// By what Slack says of incoming webhooks. A redirect is none of them, and is not followed.
  init(status: Int, pause: Int64?) {
    switch status {
    case 200..<300: self = .delivered
    case 429: self = .later(.seconds(min(max(pause ?? 60, 1), Self.longestPause)))
    case 500...: self = .failed(status: status)
    default: self = .refused(status: status)
    }
  }

  /// Seconds: whoever asks for more is asked again after that.
  private static let longestPause: Int64 = 86_400

  /// For people.
  var words: String {
    switch self {
    case .delivered: "it was taken"
    case .later(let pause): "Slack asks to wait \(pause.wholeSeconds) s"
    case .failed(let status): "Slack answered \(status)"
    case .unanswered(let reason): "there was no answer: \(reason)"
    case .refused(let status): "Slack answered \(status)"
    }
  }
}
