extension User {
  /// What can have happened to a person.
  package enum Event: RecordedEvent {
    case registered(UserRegistered)
    case passwordSet(PasswordSet)
    case tokenIssued(TokenIssued)
    case emailVerified(EmailVerified)
    case emailChanged(EmailChanged)
    case profileChanged(ProfileChanged)
    case noticePreferencesSet(NoticePreferencesSet)
    case signUpRepeated(SignUpRepeated)
    case signUpsVoided(SignUpsVoided)
    case sessionsEnded(SessionsEnded)
    case deletionRequested(DeletionRequested)
    case deletionCancelled(DeletionCancelled)
    case erased(UserErased)
  }
}

extension User.Event {
  package static let cases: [EventCase<Self>] = [
    EventCase(registered),
    EventCase(passwordSet),
    EventCase(tokenIssued),
    EventCase(emailVerified),
    EventCase(emailChanged),
    EventCase(profileChanged),
    EventCase(noticePreferencesSet),
    EventCase(signUpRepeated),
    EventCase(signUpsVoided),
    EventCase(sessionsEnded),
    EventCase(deletionRequested),
    EventCase(deletionCancelled),
    EventCase(erased),
  ]
}
