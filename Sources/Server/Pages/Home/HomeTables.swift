import Application
import Domain
import EventLog
import Foundation

/// The endpoints that were called most.
struct TopEndpointsView: Sendable {
  let rows: [Row]
  let isEmpty: Bool
  /// Where they are not of all projects, or not of all the month.
  let note: String?

  struct Row: Sendable {
    let method, template, path, project, projectPath: String
    let calls, share, errors, responseTime: String
  }

  init(_ endpoints: HomeAnswers.Endpoints, of calls: Int64, in calendar: LocalCalendar) {
    rows = endpoints.entries.map { Row($0, of: calls) }
    isEmpty = rows.isEmpty
    let whole = endpoints.isWhole ? nil : "Of the \(HomeQuestions.projectsRanked) projects with the most calls."
    let kept = endpoints.keptSince.map { "Endpoints are kept since \(calendar.text(of: $0, .minute))." }
    let notes = [whole, kept].compactMap(\.self)
    note = notes.isEmpty ? nil : notes.joined(separator: " ")
  }
}

extension TopEndpointsView.Row {
  fileprivate init(_ entry: HomeAnswers.Endpoints.Entry, of total: Int64) {
    let (endpoint, numbers) = (entry.endpoint, entry.endpoint.numbers)
    method = endpoint.method ?? ""
    template = endpoint.template?.shown ?? "all others together"
    path =
      Place.project(entry.project.id).with([("method", endpoint.method), ("template", endpoint.template)]).path
    project = entry.project.name ?? "a project that is new"
    projectPath = Place.project(entry.project.id).path
    calls = Text.number(numbers.calls)
    share = Text.share(numbers.calls, of: total)
    errors = Text.share(numbers.errors4xx + numbers.errors5xx, of: numbers.calls)
    responseTime = Text.milliseconds(numbers.averageResponseTime)
  }
}

/// The projects with the most calls.
struct HomeProjectsView: Sendable {
  let rows: [Row]
  let isEmpty: Bool
  let all: String
  /// How many are not shown; nil: none.
  let others: String?
  /// Of the project whose stream moves the page's numbers; nil where nothing moves.
  let live: String?

  struct Row: Sendable {
    let name, path, calls, errors, responseTime: String
    /// The digit that leads there; nil: none does.
    let key: String?
    let spark: Sparkline?
    let lastUsed: Moment?
  }

  init(_ found: HomeAnswers, of account: UUID, in calendar: LocalCalendar) {
    // Those come the oldest first.
    let newest = (found.uses ?? []).reversed().map(\.id)
    rows = found.projects.map { project in
      let numbers = project.numbers
      return Row(
        name: project.use.name, path: Place.project(project.use.id).path,
        calls: numbers.map { $0.calls == 0 ? "–" : Text.number($0.calls) } ?? "–",
        errors: numbers.map { Text.share($0.errors4xx + $0.errors5xx, of: $0.calls) } ?? "–",
        responseTime: Text.milliseconds(numbers?.averageResponseTime),
        key: newest.firstIndex(of: project.use.id).flatMap(ProjectKey.digit),
        spark: found.sparks[project.use.id].map(Sparkline.init),
        lastUsed: Moment(project.use.lastUsedAt, in: calendar))
    }
    isEmpty = rows.isEmpty
    all = Place.projects(account: account).path
    let hidden = (found.uses?.count ?? 0) - rows.count
    others = hidden > 0 ? Text.number(Int64(hidden)) : nil
    let moves = found.month == CalendarMonth(of: found.now) && found.usage != nil
    live = moves ? found.projects.first.map { Place.project($0.use.id).appending("live").path } : nil
  }
}

/// A key that ends soon.
struct EndingKeyView: Sendable {
  let name, path, hint, project: String
  let ends: Moment
  /// Whether another took its place already.
  let hasSuccessor: Bool

  init(_ key: EndingKey, in calendar: LocalCalendar) {
    (name, hint, project) = (key.name, key.hint, key.projectName)
    path = Place.key(key.id, of: key.projectID).path
    ends = Moment(key.endsAt, in: calendar)
    hasSuccessor = key.hasSuccessor
  }
}

/// As of what the numbers are, and what proves them.
struct HomeProofView: Sendable {
  let asOf: Moment?
  let position: String?
  /// How far the log is ahead; nil where it is not.
  let behind: String?
  let checkpoint: SignedView?

  struct SignedView: Sendable {
    let time: Moment
    let position: String
    /// What it does not cover yet; nil: nothing.
    let beyond: String?
  }

  init(_ found: HomeAnswers, in calendar: LocalCalendar) {
    let asOf = [found.traffic?.asOf, found.usage?.asOf].compactMap(\.self).min { $0.position < $1.position }
    self.asOf = Moment(asOf?.time, in: calendar, .second)
    position = asOf.map { Text.number($0.position) }
    let ahead = asOf.map { $0.logPosition - $0.position } ?? 0
    behind = ahead > 0 ? Text.number(ahead) : nil
    // The first are made of an empty log, and cover nothing.
    checkpoint = found.checkpoint.flatMap { checkpoint -> SignedView? in
      guard checkpoint.position > 0 else { return nil }
      let beyond = (asOf?.logPosition ?? checkpoint.position) - checkpoint.position
      return SignedView(
        time: Moment(checkpoint.time, in: calendar), position: Text.number(checkpoint.position),
        beyond: beyond > 0 ? Text.number(beyond) : nil)
    }
  }
}
