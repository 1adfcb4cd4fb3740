import Foundation
import TestDatabase
import Testing

@testable import Domain

/// Given what a project's people saved, when they save or remove a view, then this follows.
@Suite struct ViewTests {
  private let id = UUID()
  private let account = UUID()

  private func given(_ commands: Project.Command...) throws -> Project {
    try commands.reduce(into: Project.created(id, of: account)) { project, command in
      for event in try project.decide(command) { project.evolve(event) }
    }
  }

  private func save(_ view: UUID = UUID(), _ name: String = "errors", _ query: String = "status=5xx") -> Project.Command
  {
    .saveView(Project.ViewRequest(id: view, name: name, query: query))
  }

  private func saved(_ view: UUID, _ name: String, _ query: String, replacing other: UUID? = nil) -> Project.Event {
    .viewSaved(
      ViewSaved(viewID: view, projectID: id, accountID: account, name: name, query: query, replacesID: other))
  }

  @Test func aViewTakesThePlaceOfTheOneThatHasItsName() throws {
    let (one, two) = (UUID(), UUID())
    #expect(try given().decide(save(one)) == [saved(one, "errors", "status=5xx")])
    let project = try given(save(one))
    #expect(try project.decide(save(two, "errors", "")) == [saved(two, "errors", "", replacing: one)])
    let replaced = try given(save(one), save(two, "errors", ""))
    #expect(replaced.view(named: "errors")?.viewID == two && replaced.viewIDs.count == 1)
    #expect(try replaced.decide(.removeView(one)) == [], "it is gone already")
    #expect(replaced.view(named: "errors") != nil)
  }

  @Test func whatIsSavedAlreadyIsNotSavedAgain() throws {
    let view = UUID()
    let project = try given(save(view))
    #expect(try project.decide(save(view)) == [])
    #expect(try project.decide(save()) == [], "under another id, too")
    #expect(throws: Project.Failure.noteIDTaken(view)) { try project.decide(save(view, "errors", "status=4xx")) }
    #expect(throws: Project.Failure.noteIDTaken(view)) { try project.decide(save(view, "others")) }
    let removed = try given(save(view), .removeView(view))
    #expect(throws: Project.Failure.noteIDTaken(view)) { try removed.decide(save(view)) }
    #expect(try removed.decide(save()).count == 1)
  }

  @Test func aViewIsRemovedOnceAndOneThatNeverWasIsNamed() throws {
    let view = UUID()
    let removal = Project.Event.viewRemoved(ViewRemoved(viewID: view, projectID: id, accountID: account))
    #expect(try given(save(view)).decide(.removeView(view)) == [removal])
    #expect(try given(save(view), .removeView(view)).decide(.removeView(view)) == [])
    #expect(throws: Project.Failure.noSuchView(view)) { try given().decide(.removeView(view)) }
  }

  @Test func aProjectHasAHundredViewsAndOneMoreOnlyInThePlaceOfAnother() throws {
    var project = try given()
    for index in 0..<Project.maximumViews {
      try project.decide(save(UUID(), "v\(index)")).forEach { project.evolve($0) }
    }
    #expect(throws: Project.Failure.tooManyViews(maximum: 100)) { try project.decide(save()) }
    #expect(try project.decide(save(UUID(), "v7", "")).count == 1)
    let first = try #require(project.view(named: "v0"))
    try project.decide(.removeView(first.viewID)).forEach { project.evolve($0) }
    #expect(try project.decide(save()).count == 1)
  }

  @Test(arguments: [
    "a b", "é", "status=5xx#", "a\n", "<script>", "a\u{0}", "a+b", "a/b", String(repeating: "a", count: 2_001),
  ])
  func whatNoAddressHoldsIsNoView(query: String) throws {
    #expect(throws: Project.Failure.badViewQuery(maximumLength: 2_000)) {
      try given().decide(save(UUID(), "v", query))
    }
  }

  @Test(arguments: ["", " ", "a\nb", "\u{202E}x", String(repeating: "x", count: 101)])
  func aNameThatNoMenuCanShowIsRefused(name: String) throws {
    #expect(throws: Project.Failure.badName(maximumCharacters: 100)) { try given().decide(save(UUID(), name)) }
  }

  @Test func nothingIsNotedOfAnArchivedProjectNorTakenAway() throws {
    let (view, note) = (UUID(), UUID())
    let annotation = Project.AnnotationRequest(id: note, at: 1_764_000_000_000, until: nil, text: "a sale")
    let archived = try given(save(view), .annotate(annotation), .archive)
    let commands: [Project.Command] = [
      save(), .removeView(view), .annotate(annotation), .removeAnnotation(note),
    ]
    for command in commands {
      #expect(throws: Project.Failure.archived) { try archived.decide(command) }
      #expect(throws: Project.Failure.notCreated) { try Project().decide(command) }
    }
  }
}

extension Project {
  /// One that was just created.
  static func created(_ id: UUID, of account: UUID) throws -> Project {
    var project = Project()
    for event in try project.decide(.create(id: id, accountID: account, name: "shop")) { project.evolve(event) }
    return project
  }
}
