/// All questions that there are: one for each file of Projections/*/queries, which a test holds against it. A question that is missing
/// here can't be asked.
enum QuestionList {
  static let all: [any Question.Type] =
    directory + people + security + usage + traffic + requests + senders
    + notes + billing

  private static let directory: [any Question.Type] = [
    AccountQuestion.self, AccountsOfUserQuestion.self, MembershipsQuestion.self, MembersQuestion.self,
    InvitationsQuestion.self, InvitationsOverQuestion.self, InvitationsToQuestion.self, ProjectsQuestion.self,
    ProjectQuestion.self, EveryProjectQuestion.self, KeysQuestion.self, PresentedKeyQuestion.self,
    MayBeMemberQuestion.self, ProjectOfMemberQuestion.self, ProjectOfAccountQuestion.self, ProjectUsesQuestion.self,
    KeysEndingQuestion.self, LinksQuestion.self, PresentedLinkQuestion.self,
  ]

  private static let people: [any Question.Type] = [SessionsOfUserQuestion.self, DeletionsDueQuestion.self]

  private static let security: [any Question.Type] = [SecurityOfAccountQuestion.self, SecurityOfUserQuestion.self]

  private static let usage: [any Question.Type] = [
    UsageOfKeysQuestion.self, IntakeHoursQuestion.self, IntakeDaysQuestion.self,
    VoidsQuestion.self, OldestHoursQuestion.self, RetentionOfUsageQuestion.self,
    UsagePiecesQuestion.self, UsageTotalsQuestion.self, SplitPiecesQuestion.self, RecordedDaysQuestion.self,
    UsageMonthsQuestion.self, UsageOfProjectsQuestion.self, IntakeOfAccountQuestion.self, VoidsOfSpanQuestion.self,
  ]

  private static let traffic: [any Question.Type] = [
    TrafficDaysQuestion.self, TrafficMinutesQuestion.self, LabelRanksQuestion.self, LabelQuartersQuestion.self,
    LabelRowsQuestion.self, LabelVersionsQuestion.self, TrafficStateQuestion.self, AccountDaysQuestion.self,
    OldestTrafficQuestion.self, DaysOfAccountQuestion.self, VoidedOfAccountQuestion.self,
    RetentionOfTrafficQuestion.self,
  ]

  private static let senders: [any Question.Type] = [SendersQuestion.self, RetentionOfSendersQuestion.self]

  private static let notes: [any Question.Type] = [
    ViewsQuestion.self, AnnotationsQuestion.self, AccountMarksQuestion.self,
  ]

  private static let billing: [any Question.Type] = [
    SubscriptionsQuestion.self, InvoicesQuestion.self, TiersQuestion.self, SubscriptionChangesQuestion.self,
    CustomersQuestion.self, AttentionQuestion.self,
  ]

  private static let requests: [any Question.Type] = [RequestBatchesQuestion.self, RetentionOfRequestsQuestion.self]
}
