extension Problem.Kind {
  /// What whoever gets it can do.
  var advice: String {
    switch self {
    case .malformedRequest: "Send HTTP/1.1 as RFC 9112 has it: every HTTP client does."
    case .requestTimeout: "Send the whole request within a minute. On a slow line send fewer events in a call."
    case .headersTooLarge: "Send fewer or shorter header fields: 32 KB and 100 fields are read."
    case .notImplemented: "Leave out the transfer coding or the method that the detail names."
    case .malformedBody: "Send JSON as the operation describes it. The detail says what could not be read."
    case .invalidEvent:
      "The members field, found and allowed say what is wrong. Other events of the call are not held up."
    case .invalidParameter: "The members field, found and allowed say which it was, and what it may be."
    case .crossOrigin: "Open the page on this server, and send its form from there."
    case .missingKey: "Send the key as Authorization: Bearer YOUR_KEY."
    case .malformedKey: "Copy the key whole: it begins with sk_live_ or sk_test_."
    case .unknownKey: "Look whether the key is of this installation. A lost one is replaced: issue another."
    case .revokedKey: "Use another key: a revoked one never works again."
    case .expiredKey: "Issue another key. Rotated before its end, both work for a while."
    case .missingScope: "Issue a key that opens what the call needs: track to send, read to ask."
    case .missingToken: "Log in, and send the access token as Authorization: Bearer YOUR_ACCESS_TOKEN."
    case .invalidToken: "A token is over after a quarter of an hour: refresh it, or log in again."
    case .sessionEnded: "Log in again."
    case .wrongCredentials:
      "Look at both. An address that is not verified yet is answered the same: open its mail's link."
    case .wrongPassword: "Type the password that you log in with."
    case .linkNotValid: "A link works once, and for a while. Ask for another mail."
    case .deliveryRefused: "Look at the endpoint at Stripe: its signing secret, its mode, and the server's clock."
    case .tooManyAttempts: "Wait as long as Retry-After says."
    default: resourceAdvice
    }
  }

  private var resourceAdvice: String {
    switch self {
    case .emailTaken: "Use another address, or log in under this one."
    case .sessionNotFound: "List the sessions again: it has ended."
    case .beingErased: "The erasure has begun, and can't be called off any more."
    case .notFound: "Look at the path: this documentation has them all."
    case .methodNotAllowed: "Use a method that Allow names."
    case .projectNotFound:
      "Look whether the id is right, and the project of an account of yours: others' look the same."
    case .accountNotFound: "Look whether the id is right, and you a member: others' accounts look the same."
    case .memberNotFound, .invitationNotFound, .keyNotFound, .linkNotFound, .viewNotFound, .annotationNotFound:
      "List them again: it has gone, or never was."
    case .releaseNotFound: "List the releases: those alone are known that events were sent with."
    case .forbidden: "Ask an owner or an admin of the account to do it, or for a role that may."
    case .accountClosed: "The account tracks nothing more; its numbers can be read on."
    case .projectArchived: "Take the project out of the archive, or send to another."
    case .projectLimitReached: "Archive a project, or move to a tier with room for more."
    case .tierLacks: "Move to the tier that the detail names."
    case .slackNotTaken: "Make the incoming webhook anew in Slack, and copy its address whole. Nothing was changed."
    case .limitReached: "Take away first what is no longer needed. The detail says how many there may be."
    case .invitationForAnother: "Log in under the address that the invitation went to."
    case .invitationEnded: "Ask for another invitation."
    case .alreadyMember: "Nothing is to be done."
    case .lastOwner: "Make somebody else an owner first."
    case .keyEnded: "Issue a key: one that has ended has nothing to hand over."
    case .keyAlreadyIssued: "The key was shown when it was issued. If it is lost, revoke it and issue another."
    case .linkAlreadyShared: "The address was shown when it was made. If it is lost, revoke the link and share another."
    case .idempotencyConflict: "Use another Idempotency-Key for another request."
    default: billingAdvice
    }
  }

  private var billingAdvice: String {
    switch self {
    case .billingNotSetUp:
      "Ask whoever runs the installation: they set it up, or give the account a tier. Nothing else changes without it."
    case .paymentOwed:
      "Pay the invoice that the member invoice_id names: its links lead to where that is done. Where none is named, the portal does."
    case .billingAddressMissing:
      "Give an address at Stripe, where the portal leads, then ask again. Nothing was changed."
    case .alreadySubscribed: "Change the tier of the subscription that runs, instead of beginning another."
    case .notSubscribed: "Begin with a checkout: there is nothing yet that could be changed."
    case .tierNotSold: "Choose a tier whose is_sold is true."
    case .tierUnchanged: "Nothing is to be done."
    case .nothingToUndo: "Nothing is to be done: the subscription goes on as it is."
    case .invoiceNotFound: "List the invoices again, and look whether the id is whole and of this account."
    case .billingUnsettled:
      "Ask again after as many seconds as Retry-After says. What was paid counts as soon as it is known."
    case .paymentDeclined: "Try another card: the portal takes it. Nothing was changed."
    case .stripeRefused:
      "Nothing was changed, and whoever runs the installation was told. Ask them, with the request's id."
    case .stripeUnavailable: "Ask again after as many seconds as Retry-After says: nothing is charged twice."
    default: trafficAdvice
    }
  }

  private var trafficAdvice: String {
    switch self {
    case .duplicateEvent: "Nothing is to be done: the event counts once."
    case .eventIDConflict: "Give each event an id of its own. The first that came under this one counts."
    case .bodyTooLarge: "Send fewer events in a call: 5,000 and 5 MB are taken."
    case .unsupportedEncoding: "Send the body plain, or as gzip."
    case .quotaExceeded:
      "The events were refused and counted. The quota begins anew with the next month (UTC), or grows with the tier."
    case .tooManyAtOnce: "Wait until one of the account's reads is over, and ask again."
    case .throttled:
      "Nothing was recorded: send the same again after as many seconds as Retry-After says. A batch is one call."
    case .overloaded: "Nothing was recorded: send the same again after as many seconds as Retry-After says."
    case .databaseUnavailable: "Send the same again in a moment: with an event_id or a batch_id nothing counts twice."
    case .outcomeUnknown:
      "Send the same again under its event_id or batch_id: what was recorded is answered as a duplicate."
    case .projectionStopped:
      "Ask again in a moment. What is tracked goes on being recorded; if it lasts, tell whoever runs the server."
    default: "Tell whoever runs the server the request's id: the fault is in its log under that."
    }
  }
}
