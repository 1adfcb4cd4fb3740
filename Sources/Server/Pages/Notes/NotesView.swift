import Application
import Domain
import Foundation

/// What a project's people keep beside its numbers, as the page of these shows it: nothing of it where nobody has built the read models yet.
struct NotesView: Sendable {
  let views: SavedViewsView?
  let marks: MarksView?

  /// Whether nothing is left out because nobody has built it yet.
  var isThere: Bool { views != nil && marks != nil }

  init(_ site: Site, _ asked: TrafficAsked, _ refused: RefusedNote?) async throws {
    // Whoever is no member sees none of it.
    guard let tenant = asked.tenant else {
      (views, marks) = (nil, nil)
      return
    }
    let questions = site.tenancy.questions
    let isOpen = tenant.allows(.manageProjects) && asked.project.archivedAt == nil
    let views = try await unlessMissing { try await questions.views(of: asked.project.id, in: tenant.account.id) }
    self.views = views.map { SavedViewsView($0.value, asked, mayChange: isOpen, refused) }
    let marks = try await unlessMissing { try await questions.marks(asked.span) }
    self.marks = marks.map {
      MarksView($0.value.seen { tenant.allows($0) }, asked, mayChange: isOpen, refused)
    }
  }
}

/// The menu of a project's saved views, with what saves what is shown as another.
struct SavedViewsView: Sendable {
  let rows: [Row]
  let isEmpty, mayChange, isOpen: Bool
  let action, query, newName: String
  let refusal, nameError: String?

  struct Row: Sendable {
    let name, path, remove: String
    let isCurrent: Bool
  }

  init(_ views: [ListedView], _ asked: TrafficAsked, mayChange: Bool, _ refused: RefusedNote?) {
    let address = asked.address
    let (query, action) = (address.query, Place.project(address.project).appending("views").path)
    (self.query, self.action, self.mayChange) = (query, action, mayChange)
    rows = views.map { view in
      Row(
        name: view.name.shown, path: TrafficAddress(savedAs: view.query, address.project).place().path,
        remove: "\(action)/\(view.id.text)/remove", isCurrent: view.query == query)
    }
    isEmpty = rows.isEmpty
    let own = refused.flatMap { $0.kind == .view ? $0 : nil }
    isOpen = own != nil
    newName = own?.form["name"] ?? ""
    refusal = own?.complaint.general ?? own?.complaint.of("query")
    nameError = own?.complaint.of("name")
  }
}

/// What happened in the period that is shown: the list that the chart's marks are numbered by, and what adds to it.
struct MarksView: Sendable {
  let rows: [Row]
  /// As they are numbered.
  let marks: [Mark]
  let isShown, hasRows, isWhole, mayChange, isOpen: Bool
  let zone, action, query: String
  /// What the form has in its fields.
  let givenAt, givenUntil, givenText: String
  let refusal, atError, untilError, textError: String?

  struct Row: Sendable {
    let number, what: String
    let at: Moment
    let until: Moment?
    /// Where it is removed; nil of what the log itself knows, and to whoever may not.
    let remove: String?
  }

  init(_ found: Marks, _ asked: TrafficAsked, mayChange: Bool, _ refused: RefusedNote?) {
    let (address, calendar) = (asked.address, asked.calendar)
    let action = Place.project(address.project).appending("annotations").path
    self.action = action
    (marks, isWhole, zone, query) = (found.marks, found.isWhole, asked.zone.name, address.query)
    rows = found.marks.enumerated().map { index, mark in
      Row(
        number: String(index + 1), what: mark.sentence, at: Moment(mark.at, in: calendar, .second),
        until: Moment(mark.until, in: calendar, .second),
        remove: mayChange ? mark.annotation.map { "\(action)/\($0.text)/remove" } : nil)
    }
    (hasRows, self.mayChange) = (!rows.isEmpty, mayChange)
    let own = refused.flatMap { $0.kind == .annotation ? $0 : nil }
    isOpen = own != nil
    isShown = hasRows || mayChange || isOpen
    // What moves on with the clock no faster than the page does.
    let moment = asked.range.contains(asked.now) ? asked.now.toQuarter : asked.range.lowerBound
    givenAt = own?.form["at"] ?? calendar.field(of: moment, .second)
    (givenUntil, givenText) = (own?.form["until"] ?? "", own?.form["text"] ?? "")
    let complaint = own?.complaint
    refusal = complaint?.general
    (atError, untilError, textError) = (complaint?.of("at"), complaint?.of("until"), complaint?.of("text"))
  }
}

extension Mark {
  /// Which annotation it is, if it is one.
  fileprivate var annotation: UUID? { if case .annotation(let id, _) = what { id } else { nil } }
}
