import Application
import Domain

/// What changed, as home shows it.
struct MoversView: Sendable {
  let rows: [Row]
  let title, note: String

  struct Row: Sendable {
    let method, template, path, project, projectPath: String
    let calls, callsBefore, change, errors, errorsBefore: String
    let isFailing: Bool
  }

  /// Nil where nothing changed.
  init?(_ movers: Movers, in calendar: LocalCalendar) {
    guard !movers.entries.isEmpty else { return nil }
    rows = movers.entries.map { Row($0) }
    let day = calendar.text(of: movers.other.lowerBound, .day)
    title = "Today until \(calendar.clock(movers.today.upperBound)), against the same hours of \(day)"
    note =
      "By the change in calls or in errors, whichever is larger: of the \(Movers.endpoints) endpoints called most on either day, of the \(Movers.projects) projects with the most calls this month."
  }
}

extension MoversView.Row {
  fileprivate init(_ entry: Movers.Entry) {
    (method, template) = (entry.method.shown, entry.template.shown)
    path =
      Place.project(entry.project.id).with([
        ("period", "24h"), ("compare", "weekday"), ("template", entry.template), ("method", entry.method),
      ]).path
    project = entry.project.name ?? "a project that is new"
    projectPath = Place.project(entry.project.id).path
    (calls, callsBefore) = (Text.number(entry.now.calls), Text.number(entry.before.calls))
    change = entry.before.calls == 0 ? "new" : Text.change(from: entry.before.calls, to: entry.now.calls)
    (errors, errorsBefore) = (Text.number(entry.now.errors), Text.number(entry.before.errors))
    isFailing = entry.now.errors > entry.before.errors
  }
}
