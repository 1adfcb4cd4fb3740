import Application
import Domain
import Foundation
import HTTPTypes

/// What can be asked about an account's channel in Slack, and of it.
extension Operation {
  private static let path = "/api/v1/accounts/{account_id}/slack"

  static let slackChannel = Operation(
    .get, path, id: "slackChannel", .accounts, "See where notices go in Slack",
    note: "Its address is shown nowhere: it is as good as a password.", right: .member(.manageBilling),
    answer: OperationAnswer(SlackRoutes.channel, "The channel, or that there is none."))

  static let setSlackChannel = Operation(
    .put, path, id: "setSlackChannel", .accounts, "Send notices to a channel of Slack",
    note: """
      A test message is sent first, and nothing changes unless Slack takes it. At most ten messages come in an hour, then one that says how many \
      more there were. Tiers without notices in Slack are answered 403, with the tier that has them.
      """,
    right: .member(.manageBilling), body: .object(Body(SlackRoutes.url, SlackRoutes.topics)),
    answer: OperationAnswer(SlackRoutes.channel, "The channel, as it is now."),
    problems: [.tierLacks, .slackNotTaken, .tooManyAttempts])

  static let removeSlackChannel = Operation(
    .delete, path, id: "removeSlackChannel", .accounts, "Send no more notices to Slack",
    note: "Its address can't be read again. Where there is no channel that is so already.",
    right: .member(.manageBilling), answer: OperationAnswer(SlackRoutes.channel, "That there is none."))
}

extension SlackRoutes {
  static let url = Member<String?>.optionalText(
    "url",
    "Of an incoming webhook: https://hooks.slack.com/services/ and what follows, whole. When left out, the one that is set stays."
  )

  static let topics = Member<Set<NoticeTopic>>(
    "topics", .array(of: .words(NoticeTopic.bySlack.map(\.rawValue)), atLeast: 1), note: "What it is told of.",
    isRequired: true
  ) { body in
    guard let topics = try body.optionalChoices("topics", of: NoticeTopic.self),
      topics.allSatisfy(NoticeTopic.bySlack.contains)
    else {
      let allowed = NoticeTopic.bySlack.map(\.rawValue).joined(separator: ", ")
      throw JSONBody.invalid("topics", "none, or one that a channel is not told of", allowed: "some of \(allowed)")
    }
    return Set(topics)
  }

  static let channel = Shape<SeenSlackChannel>(
    "SlackChannel",
    [
      .id("account_id") { $0.account }, .boolean("is_set") { $0.channel.channel != nil },
      .optionalText("hint", "The last four characters of its address.") { $0.channel.channel?.hint },
      .words("topics", "What it is told of.") { $0.channel.channel?.topics ?? [] },
      .boolean("is_broken", "Whether Slack takes no messages for it any more: set it anew.") {
        $0.channel.brokenStatus != nil
      },
    ])
}

/// An account's channel, as its owners see it.
struct SeenSlackChannel: Sendable {
  let account: UUID
  let channel: SlackChannel
}
