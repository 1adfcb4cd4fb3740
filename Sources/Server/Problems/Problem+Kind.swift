package import Hummingbird

extension Problem {
  /// Every kind of problem there is. The raw value is part of the public contract.
  package enum Kind: String, Sendable, CaseIterable {
    /// No HTTP, as opposed to a body that is no JSON.
    case malformedRequest = "malformed-request"
    case requestTimeout = "request-timeout"
    case headersTooLarge = "headers-too-large"
    case notImplemented = "not-implemented"
    case malformedBody = "malformed-body"
    case invalidEvent = "invalid-event"
    case invalidParameter = "invalid-parameter"
    /// A form that was not sent from a page of this server.
    case crossOrigin = "cross-origin"
    case missingKey = "missing-key"
    case malformedKey = "malformed-key"
    case unknownKey = "unknown-key"
    case revokedKey = "revoked-key"
    case missingScope = "missing-scope"
    case missingToken = "missing-token"
    case invalidToken = "invalid-token"
    case sessionEnded = "session-ended"
    case wrongCredentials = "wrong-credentials"
    case wrongPassword = "wrong-password"
    case linkNotValid = "link-not-valid"
    /// What was delivered to a webhook is not from whom it should be, or not for this installation.
    case deliveryRefused = "delivery-refused"
    case emailTaken = "email-taken"
    case sessionNotFound = "session-not-found"
    case beingErased = "being-erased"
    case tooManyAttempts = "too-many-attempts"
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case projectNotFound = "project-not-found"
    case accountNotFound = "account-not-found"
    case memberNotFound = "member-not-found"
    case invitationNotFound = "invitation-not-found"
    case keyNotFound = "key-not-found"
    case linkNotFound = "link-not-found"
    case releaseNotFound = "release-not-found"
    case viewNotFound = "view-not-found"
    case annotationNotFound = "annotation-not-found"
    case expiredKey = "expired-key"
    /// A member's role does not give the right.
    case forbidden
    case accountClosed = "account-closed"
    case projectArchived = "project-archived"
    case projectLimitReached = "project-limit-reached"
    /// A limit that no tier lifts.
    case limitReached = "limit-reached"
    case invitationForAnother = "invitation-for-another"
    case invitationEnded = "invitation-ended"
    case alreadyMember = "already-member"
    case lastOwner = "last-owner"
    case keyEnded = "key-ended"
    case keyAlreadyIssued = "key-already-issued"
    case linkAlreadyShared = "link-already-shared"
    case idempotencyConflict = "idempotency-conflict"
    /// No money is taken on this installation.
    case billingNotSetUp = "billing-not-set-up"
    /// Something must be paid first.
    case paymentOwed = "payment-owed"
    /// Tax can't be reckoned for a place that nobody knows.
    case billingAddressMissing = "billing-address-missing"
    case alreadySubscribed = "already-subscribed"
    case notSubscribed = "not-subscribed"
    case tierNotSold = "tier-not-sold"
    case tierUnchanged = "tier-unchanged"
    case nothingToUndo = "nothing-to-undo"
    case invoiceNotFound = "invoice-not-found"
    /// What Stripe said does not fit together yet.
    case billingUnsettled = "billing-unsettled"
    case paymentDeclined = "payment-declined"
    case stripeRefused = "stripe-refused"
    case stripeUnavailable = "stripe-unavailable"
    /// Not an error: names the outcome of a single event in an answer.
    case duplicateEvent = "duplicate-event"
    case eventIDConflict = "event-id-conflict"
    case bodyTooLarge = "body-too-large"
    case unsupportedEncoding = "unsupported-encoding"
    case quotaExceeded = "quota-exceeded"
    /// An account's turns at what few may do at a time.
    case tooManyAtOnce = "too-many-at-once"
    /// The key calls faster than its account may.
    case throttled
    case overloaded
    case databaseUnavailable = "database-unavailable"
    case outcomeUnknown = "outcome-unknown"
    case projectionStopped = "projection-stopped"
    /// The account's tier does not have what was asked for.
    case tierLacks = "tier-lacks"
    /// A channel of Slack did not take the test message.
    case slackNotTaken = "slack-not-taken"
    case internalError = "internal-error"

    /// The HTTP status of its answers.
    package var status: HTTPResponse.Status {
      switch self {
      case .malformedRequest, .malformedBody, .invalidEvent, .invalidParameter, .linkNotValid,
        .deliveryRefused:
        .badRequest
      case .requestTimeout: .requestTimeout
      case .headersTooLarge: .requestHeaderFieldsTooLarge
      case .notImplemented: .notImplemented
      case .missingKey, .malformedKey, .unknownKey, .revokedKey: .unauthorized
      case .missingToken, .invalidToken, .sessionEnded, .wrongCredentials: .unauthorized
      case .wrongPassword, .crossOrigin: .forbidden
      case .sessionNotFound: .notFound
      case .emailTaken, .beingErased: .conflict
      case .tooManyAttempts: .tooManyRequests
      case .expiredKey: .unauthorized
      case .missingScope: .forbidden
      case .forbidden, .accountClosed, .projectArchived, .projectLimitReached, .limitReached, .invitationForAnother:
        .forbidden
      case .tierLacks: .forbidden
      case .slackNotTaken: .conflict
      case .notFound, .projectNotFound: .notFound
      case .accountNotFound, .memberNotFound, .invitationNotFound, .keyNotFound, .releaseNotFound: .notFound
      case .linkNotFound, .viewNotFound, .annotationNotFound: .notFound
      case .invitationEnded, .alreadyMember, .lastOwner, .keyEnded, .keyAlreadyIssued, .idempotencyConflict: .conflict
      case .linkAlreadyShared: .conflict
      case .billingNotSetUp, .paymentOwed, .alreadySubscribed, .notSubscribed: .conflict
      case .tierNotSold, .tierUnchanged, .nothingToUndo, .billingAddressMissing: .conflict
      case .invoiceNotFound: .notFound
      case .paymentDeclined: HTTPResponse.Status(code: 402, reasonPhrase: "Payment Required")
      case .stripeRefused: .badGateway
      case .billingUnsettled, .stripeUnavailable: .serviceUnavailable
      case .methodNotAllowed: .methodNotAllowed
      case .eventIDConflict, .duplicateEvent: .conflict
      case .bodyTooLarge: .contentTooLarge
      case .unsupportedEncoding: .unsupportedMediaType
      case .quotaExceeded, .tooManyAtOnce, .throttled: .tooManyRequests
      case .overloaded, .databaseUnavailable, .outcomeUnknown, .projectionStopped: .serviceUnavailable
      case .internalError: .internalServerError
      }
    }

    /// The same for every occurrence.
    package var title: String {
      switch self {
      case .malformedRequest: "The request can't be read"
      case .requestTimeout: "The request came too slowly"
      case .headersTooLarge: "The request's head is too large"
      case .notImplemented: "The server can't do this"
      case .malformedBody: "The body can't be read"
      case .invalidEvent: "The event is not valid"
      case .invalidParameter: "A parameter is not valid"
      case .crossOrigin: "The form came from elsewhere"
      case .missingKey: "An API key is needed"
      case .malformedKey: "This can't be an API key"
      case .unknownKey: "The API key is not known"
      case .revokedKey: "The API key has been revoked"
      case .missingScope: "The API key does not open this"
      case .missingToken: "An access token is needed"
      case .invalidToken: "The access token is not valid"
      case .sessionEnded: "The session is over"
      case .wrongCredentials: "The address or the password is wrong"
      case .wrongPassword: "The password is wrong"
      case .linkNotValid: "The link is not valid any more"
      case .deliveryRefused: "The delivery was refused"
      case .emailTaken: "The address is somebody else's"
      case .sessionNotFound: "There is no such session"
      case .beingErased: "It is too late"
      case .tooManyAttempts: "Too many attempts"
      case .notFound: "There is nothing here"
      case .methodNotAllowed: "The method is not allowed here"
      case .projectNotFound: "There is no such project"
      case .accountNotFound: "There is no such account"
      case .memberNotFound: "There is no such member"
      case .invitationNotFound: "There is no such invitation"
      case .keyNotFound: "There is no such key"
      case .linkNotFound: "There is no such shared link"
      case .releaseNotFound: "There is no such release"
      case .viewNotFound: "There is no such view"
      case .annotationNotFound: "There is no such annotation"
      case .expiredKey: "The API key has expired"
      case .forbidden: "Your role does not allow this"
      case .accountClosed: "The account is closed"
      case .projectArchived: "The project is archived"
      case .projectLimitReached: "The tier has no room for another project"
      case .limitReached: "There are too many already"
      case .invitationForAnother: "The invitation is for someone else"
      case .invitationEnded: "The invitation can't be accepted any more"
      case .alreadyMember: "They are a member already"
      case .lastOwner: "An account needs an owner"
      case .keyEnded: "The API key can't be rotated"
      case .keyAlreadyIssued: "The API key was issued before"
      case .linkAlreadyShared: "The link was shared before"
      case .idempotencyConflict: "The Idempotency-Key was used for something else"
      case .billingNotSetUp: "Billing is not set up here"
      case .paymentOwed: "Something is to be paid first"
      case .billingAddressMissing: "The account's address is not known"
      case .alreadySubscribed: "The account has a subscription"
      case .notSubscribed: "The account has no subscription"
      case .tierNotSold: "The tier is not sold here"
      case .tierUnchanged: "The account has this tier, or is to have it"
      case .nothingToUndo: "There is nothing to take back"
      case .invoiceNotFound: "There is no such invoice"
      case .billingUnsettled: "What Stripe said is not complete yet"
      case .paymentDeclined: "The payment was declined"
      case .stripeRefused: "Stripe refused it"
      case .stripeUnavailable: "Stripe does not answer"
      case .duplicateEvent: "The event had been recorded before"
      case .eventIDConflict: "The id was used for another event"
      case .bodyTooLarge: "The body is too large"
      case .unsupportedEncoding: "The content encoding is not supported"
      case .quotaExceeded: "The month's quota is used up"
      case .tooManyAtOnce: "Too many at once"
      case .throttled: "The key calls too fast"
      case .overloaded: "Too much is waiting"
      case .databaseUnavailable: "The database can't be reached"
      case .outcomeUnknown: "It is not known whether the events were recorded"
      case .projectionStopped: "The numbers are not available"
      case .tierLacks: "The account's tier does not have this"
      case .slackNotTaken: "The channel did not take the test message"
      case .internalError: "Something went wrong here"
      }
    }
  }
}
