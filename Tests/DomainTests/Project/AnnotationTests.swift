import Foundation
import TestDatabase
import Testing

@testable import Domain

/// Given a project, when somebody notes what happened to it, then this follows.
@Suite struct AnnotationTests {
  private let id = UUID()
  private let account = UUID()
  private let note = UUID()
  private let at: Instant = 1_764_000_000_123

  private func given(_ commands: Project.Command...) throws -> Project {
    try commands.reduce(into: Project.created(id, of: account)) { project, command in
      for event in try project.decide(command) { project.evolve(event) }
    }
  }

  private func annotate(
    _ note: UUID, at: Instant? = nil, until: Instant? = nil, _ text: String = "a sale"
  ) -> Project.Command {
    .annotate(Project.AnnotationRequest(id: note, at: at ?? self.at, until: until, text: text))
  }

  @Test func whatHappenedIsNotedToTheMillisecond() throws {
    let added = AnnotationAdded(
      annotationID: note, projectID: id, accountID: account, at: at, until: at + .milliseconds(1), text: "a sale")
    let command = annotate(note, at: at + .microseconds(999), until: at + .microseconds(1_001))
    #expect(try given().decide(command) == [.annotationAdded(added)])
    #expect(try given(command).decide(command) == [], "the same again adds nothing")
  }

  @Test func anIdIsGivenOnce() throws {
    let project = try given(annotate(note))
    for other in [annotate(note, "another"), annotate(note, at: at + .hours(1)), annotate(note, until: at + .hours(1))]
    {
      #expect(throws: Project.Failure.noteIDTaken(note)) { try project.decide(other) }
    }
    let removed = try given(annotate(note), .removeAnnotation(note))
    #expect(throws: Project.Failure.noteIDTaken(note)) { try removed.decide(annotate(note)) }
    #expect(try removed.decide(annotate(UUID())).count == 1)
  }

  @Test func itEndsAfterItBeginsOrIsAMoment() throws {
    for until in [at, at - .hours(1), .distantPast, .distantFuture, at + .microseconds(1)] {
      #expect(throws: Project.Failure.badAnnotationSpan, "\(until.microseconds)") {
        try given().decide(annotate(note, until: until))
      }
    }
    for moment in [.distantPast, Instant.epoch - .milliseconds(1), .distantFuture] as [Instant] {
      #expect(throws: Project.Failure.badAnnotationSpan) { try given().decide(annotate(note, at: moment)) }
    }
  }

  @Test(arguments: ["", "  ", "two\nlines", "a\u{0}", "\u{202E}x", "\u{2028}", String(repeating: "x", count: 201)])
  func aTextThatIsNoLineIsRefused(text: String) throws {
    #expect(throws: Project.Failure.badAnnotation(maximumCharacters: 200)) {
      try given().decide(annotate(note, text))
    }
  }

  @Test func itIsRemovedOnceAndOneThatNeverWasIsNamed() throws {
    let removal = Project.Event.annotationRemoved(
      AnnotationRemoved(annotationID: note, projectID: id, accountID: account))
    #expect(try given(annotate(note)).decide(.removeAnnotation(note)) == [removal])
    #expect(try given(annotate(note), .removeAnnotation(note)).decide(.removeAnnotation(note)) == [])
    #expect(throws: Project.Failure.noSuchAnnotation(note)) { try given().decide(.removeAnnotation(note)) }
  }

  @Test func aThousandAreTheMostAndWhatIsRemovedLeavesRoom() throws {
    var project = try given(annotate(note))
    for _ in 1..<Project.maximumAnnotations {
      try project.decide(annotate(UUID())).forEach { project.evolve($0) }
    }
    #expect(throws: Project.Failure.tooManyAnnotations(maximum: 1_000)) { try project.decide(annotate(UUID())) }
    try project.decide(.removeAnnotation(note)).forEach { project.evolve($0) }
    #expect(try project.decide(annotate(UUID())).count == 1)
  }
}
