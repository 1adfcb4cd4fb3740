import Application
import Domain
import Foundation
import HTTPTypes

/// Which notices a person gets by mail.
extension Operation {
  static let notices = Operation(
    .get, "/api/v1/me/notices", id: "notices", .people, "See which notices are mailed to you",
    note: "What is about your own security is mailed always.", right: .person,
    answer: OperationAnswer(NoticeRoutes.choice, "What is mailed, and what is not."))

  static let setNotices = Operation(
    .put, "/api/v1/me/notices", id: "setNotices", .people, "Choose which notices are mailed to you",
    note: "For all accounts that you are in. What is about your own security is mailed always.", right: .person,
    body: .object(Body(NoticeRoutes.declined)),
    answer: OperationAnswer(NoticeRoutes.choice, "What is mailed from now on, and what is not."),
    problems: [.tooManyAttempts])

  static let unsubscribe = Operation(
    .post, "/api/v1/notices/unsubscribe", id: "unsubscribe", .people, "Turn off mails like one that you got",
    note:
      "What the button of a mail program sends (RFC 8058): the address is in the mail's List-Unsubscribe, and the body is not looked at.",
    right: .nobody, query: QueryParameters(NoticeRoutes.token),
    answer: .message("No more mails of that kind are sent."), problems: [.linkNotValid, .tooManyAttempts])
}

extension NoticeRoutes {
  static let token = Parameter<String?>.text("token", "As the mail has it.")

  static let declined = Member<Set<NoticeTopic>>(
    "declined", .array(of: .words(NoticeTopic.byMail.map(\.rawValue))),
    note: "What you want no mails about; may be empty.",
    isRequired: true
  ) { body in
    guard let topics = try body.optionalChoices("declined", of: NoticeTopic.self, orNone: true),
      topics.allSatisfy(NoticeTopic.byMail.contains)
    else {
      let allowed = NoticeTopic.byMail.map(\.rawValue).joined(separator: ", ")
      throw JSONBody.invalid("declined", "none, or one that is not mailed", allowed: "an array of any of \(allowed)")
    }
    return Set(topics)
  }

  static let choice = Shape<Set<NoticeTopic>>(
    "NoticeChoice",
    [
      .words("mailed", "What you get mails about.") { declined in NoticeTopic.byMail.filter { !declined.contains($0) }
      },
      .words("declined", "What you want no mails about.") { $0.sorted() },
    ])
}
