extension User {
  /// What can have happened to a person.
  public enum Event: RecordedEvent {
    case registered(UserRegistered)
    case passwordSet(PasswordSet)
    case tokenIssued(TokenIssued)
    case emailVerified(EmailVerified)
    case emailChanged(EmailChanged)
    case profileChanged(ProfileChanged)
    case signUpRepeated(SignUpRepeated)
    case signUpsVoided(SignUpsVoided)
    case sessionsEnded(SessionsEnded)
    case deletionRequested(DeletionRequested)
    case deletionCancelled(DeletionCancelled)
    case erased(UserErased)
  }
}

extension User.Event {
  /// The event types of a user's stream.
  public static var types: [any EventData.Type] {
    [
      UserRegistered.self, PasswordSet.self, TokenIssued.self, EmailVerified.self, EmailChanged.self,
      ProfileChanged.self, SignUpRepeated.self, SignUpsVoided.self, SessionsEnded.self, DeletionRequested.self,
      DeletionCancelled.self,
      UserErased.self,
    ]
  }

  /// Wraps the data of one of `types`.
  public init?(_ data: any EventData) {
    switch data {
    case let data as UserRegistered: self = .registered(data)
    case let data as PasswordSet: self = .passwordSet(data)
    case let data as TokenIssued: self = .tokenIssued(data)
    case let data as EmailVerified: self = .emailVerified(data)
    case let data as EmailChanged: self = .emailChanged(data)
    case let data as ProfileChanged: self = .profileChanged(data)
    case let data as SignUpRepeated: self = .signUpRepeated(data)
    case let data as SignUpsVoided: self = .signUpsVoided(data)
    case let data as SessionsEnded: self = .sessionsEnded(data)
    case let data as DeletionRequested: self = .deletionRequested(data)
    case let data as DeletionCancelled: self = .deletionCancelled(data)
    case let data as UserErased: self = .erased(data)
    default: return nil
    }
  }

  /// The data to be recorded.
  public var data: any EventData {
    switch self {
    case .registered(let data): data
    case .passwordSet(let data): data
    case .tokenIssued(let data): data
    case .emailVerified(let data): data
    case .emailChanged(let data): data
    case .profileChanged(let data): data
    case .signUpRepeated(let data): data
    case .signUpsVoided(let data): data
    case .sessionsEnded(let data): data
    case .deletionRequested(let data): data
    case .deletionCancelled(let data): data
    case .erased(let data): data
    }
  }
}
