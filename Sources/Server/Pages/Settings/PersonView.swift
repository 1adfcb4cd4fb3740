import Application
import Domain
import Foundation

/// A person's settings.
struct PersonView: Sendable {
  let tabs: SettingsTabs
  let email, name, timeZone: String
  let zones: [String]
  let themes: [ThemeChoice]
  let notices: [TopicChoice]
  let minimumLength = Password.minimumLength
  let graceDays: Int
  /// When they will be erased, if they asked for it.
  let due: Moment?
  let sessions: [Row]
  let profile, address, password, delete: Errors
  /// Kept where the form was not taken.
  let newEmail: String

  struct Row: Sendable {
    let path, address, program: String
    let started, used: Moment
    let isThis: Bool
  }

  struct ThemeChoice: Sendable {
    let word, name: String
    let isChosen: Bool
  }

  /// What is wrong with one of the forms.
  struct Errors: Sendable {
    let general, first, second: String?
    let isOpen: Bool

    init(_ form: String, _ fields: [String], _ complaint: (form: String, what: Complaint)?) {
      let mine = complaint.flatMap { $0.form == form ? $0.what : nil }
      isOpen = mine != nil
      general = mine.map { complaint in
        complaint.general
          ?? complaint.fields.filter { !fields.contains($0.key) }.sorted { $0.key < $1.key }.map(\.value).first ?? ""
      }.flatMap { $0.isEmpty ? nil : $0 }
      first = mine?.of(fields[0])
      second = fields.count > 1 ? mine?.of(fields[1]) : nil
    }
  }

  init(
    _ visitor: Visitor, _ sessions: [ListedSession], _ complaint: (form: String, what: Complaint)?, _ form: Form,
    theme: Theme, graceDays: Int
  ) {
    let (profile, calendar) = (visitor.profile, visitor.calendar)
    let isRefused = complaint?.form == "profile"
    tabs = SettingsTabs(.person)
    email = profile.email
    name = isRefused ? form["name"] : profile.name ?? ""
    timeZone = isRefused ? form["time_zone"] : profile.timeZone ?? ""
    zones = Self.zones
    themes = Theme.allCases.map { ThemeChoice(word: $0.rawValue, name: $0.name, isChosen: $0 == theme) }
    notices = NoticeTopic.byMail.map { TopicChoice($0, isChosen: !profile.declinedNotices.contains($0)) }
    self.graceDays = graceDays
    due = Moment(profile.deletionDue, in: calendar)
    self.sessions = sessions.map { Row($0, of: visitor, in: calendar) }
    self.profile = Errors("profile", ["name", "time_zone"], complaint)
    address = Errors("email", ["email"], complaint)
    password = Errors("password", ["new_password"], complaint)
    delete = Errors("delete", ["password"], complaint)
    newEmail = complaint?.form == "email" ? form["email"] : ""
  }

  /// To choose from while typing; any other name of the database does as well.
  private static let zones = [
    "UTC", "Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "America/Chicago",
    "America/Denver", "America/Los_Angeles", "America/Mexico_City", "America/New_York", "America/Santiago",
    "America/Sao_Paulo", "Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Kathmandu", "Asia/Kolkata",
    "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Australia/Adelaide", "Australia/Sydney",
    "Europe/Amsterdam", "Europe/Berlin", "Europe/Istanbul", "Europe/London", "Europe/Madrid", "Europe/Paris",
    "Europe/Warsaw", "Europe/Zurich", "Pacific/Auckland",
  ]
}

extension PersonView.Row {
  fileprivate init(_ session: ListedSession, of visitor: Visitor, in calendar: LocalCalendar) {
    path = Place.settings.appending("sessions").appending(session.id.text).appending("end").path
    address = session.client?.address.shown ?? "unknown"
    program = session.client.map { $0.userAgent.isEmpty ? "unnamed program" : $0.userAgent.shown } ?? "unknown"
    started = Moment(session.startedAt, in: calendar)
    used = Moment(session.lastUsedAt, in: calendar)
    isThis = session.id == visitor.principal.sessionID
  }
}

/// The parts of the settings.
struct SettingsTabs: Sendable {
  enum Part: Sendable { case person, account, slack, securityLog, verification }

  let isPerson, isAccount, isSlack, isSecurityLog, isVerification: Bool

  init(_ part: Part) {
    (isPerson, isAccount, isSlack) = (part == .person, part == .account, part == .slack)
    (isSecurityLog, isVerification) = (part == .securityLog, part == .verification)
  }
}
