/// What a page says of the change that led to it. In the address, so that it needs no memory; a fixed text each, so that nobody can put words into our
/// mouth by a link.
enum Done: String, Sendable, CaseIterable {
  case loggedOut = "logged-out"
  case loggedOutEverywhere = "logged-out-everywhere"
  case verified
  case passwordSet = "password-set"
  case emailChanged = "email-changed"
  case joined
  case projectCreated = "project-created"
  case projectRenamed = "project-renamed"
  case projectArchived = "project-archived"
  case projectUnarchived = "project-unarchived"
  case keyRevoked = "key-revoked"
  case requestsVoided = "requests-voided"
  case linkRevoked = "link-revoked"
  case slackSet = "slack-set"
  case unsubscribed
  case saved
  case removed
  case mailOnItsWay = "mail-on-its-way"
  case passwordChanged = "password-changed"
  case deletionAsked = "deletion-asked"
  case restored
  case sessionEnded = "session-ended"
  case subscribed
  case tierRaised = "tier-raised"
  case tierLoweringAsked = "tier-lowering-asked"
  case cancellationAsked = "cancellation-asked"
  case undoAsked = "undo-asked"
  case notPaid = "not-paid"
  case checkoutOver = "checkout-over"
  case payFirst = "pay-first"
  case addressFirst = "address-first"

  var text: String {
    switch self {
    case .loggedOut: "You are logged out."
    case .loggedOutEverywhere: "All of your sessions have ended."
    case .verified: "Your address is verified. Log in to go on."
    case .passwordSet: "The password is set, and all sessions have ended. Log in with it."
    case .emailChanged: "Your address is the new one from now on."
    case .joined: "You have joined the account."
    case .projectCreated: "The project is there. Issue a key, and send it a first event."
    case .projectRenamed: "The project has its new name."
    case .projectArchived:
      "The project is archived: its keys track nothing any more, and what it tracked can be read on."
    case .projectUnarchived: "The project tracks again."
    case .keyRevoked: "The key is revoked: it opens nothing any more."
    case .requestsVoided:
      "The requests are out of the numbers: every figure follows within a second. What they used of the quota stays used."
    case .linkRevoked: "The link is revoked: it shows nothing any more."
    case .slackSet: "The channel took a test message: notices go there from now on."
    case .unsubscribed: "No more mails of that kind are sent to you. Log in to choose which are."
    case .saved: "Saved."
    case .removed: "Removed."
    case .mailOnItsWay: "A mail is on its way to the new address: open its link to move there."
    case .passwordChanged: "The password is changed, and all other sessions have ended."
    case .deletionAsked: "You will be erased when the time below has passed. Until then you can take it back."
    case .restored: "You stay."
    case .sessionEnded: "The session has ended."
    case .subscribed: "It is paid, and the tier counts."
    case .tierRaised: "The higher tier is paid, and counts as soon as Stripe says so: within seconds."
    case .tierLoweringAsked: "Stripe was told: the lower tier stands below as soon as Stripe says so, within seconds."
    case .cancellationAsked: "Stripe was told: the end stands below as soon as Stripe says so, within seconds."
    case .undoAsked: "Stripe was told: the subscription goes on, as stands below as soon as Stripe says so."
    case .notPaid: "Stripe says that nothing has been paid yet. Nothing was charged."
    case .checkoutOver: "The page where it could be paid is over, and nothing was charged. Begin again below."
    case .addressFirst:
      "Tax can't be reckoned before your address is known: give it at Stripe, by the button under Payment, then come back."
    case .payFirst: "Something is to be paid first: the way to it stands below."
    }
  }
}
