import Application
import Domain
import Hummingbird

/// All that decides a page, as it was before the page was made. Nothing of it comes back to what it was, or it is handed to the page as it was read: so a
/// page that was made after it is the page still where all of it is as it was, and the clock has come to none of the moments that the page told of.
struct PageState: Sendable {
  /// What the page is to be made with, for it is part of this.
  let memberships: [Membership]
  private let bytes: [UInt8]
  private let now: Instant

  /// - Parameters:
  ///   - version: of the log and the read models.
  ///   - server: tells servers apart that show the same otherwise.
  init(
    _ request: Request, _ visitor: Visitor, _ memberships: [Membership], of version: [UInt8], at now: Instant,
    on server: String
  ) {
    (self.memberships, self.now) = (memberships, now)
    let (principal, profile) = (visitor.principal, visitor.profile)
    // Moments aside, what is shown moves on with the clock by quarters of an hour. Of memberships all that is there, whatever is added to it.
    let parts = [
      server, request.head.path ?? "", Theme(request).rawValue, principal.userID.text, principal.sessionID.text,
      profile.email, profile.name.map { "=\($0)" } ?? "", profile.timeZone ?? "", "\(profile.isVerified)",
      profile.declinedNotices.sorted().map(\.rawValue).joined(separator: " "),
      "\(profile.deletionDue?.microseconds ?? .min)", String(reflecting: memberships), "\(now.toQuarter.microseconds)",
    ]
    bytes = EntityTag.program + version + parts.flatMap { Array("\($0.utf8.count) \($0)".utf8) }
  }

  /// Of a page that was made after this, and changes at some moments while nothing happens.
  func tag(changingAt moments: [Instant]) -> EntityTag {
    let quarter = now.toQuarter + .minutes(15)
    return EntityTag(of: bytes, until: moments.filter { $0 > now }.min().map { min($0, quarter) } ?? quarter)
  }

  /// The tag of the page that whoever asks has, where it is what they would be shown.
  func tag(knownTo request: Request) -> EntityTag? { EntityTag.known(of: bytes, at: now, to: request) }
}
