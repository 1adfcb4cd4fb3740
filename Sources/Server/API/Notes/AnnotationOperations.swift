import Application
import Domain
import Foundation
import HTTPTypes

/// What can be asked about annotations of a project, and of them.
extension Operation {
  static let annotations = Operation(
    .get, "/api/v1/projects/{project_id}/annotations", id: "annotations", .projects,
    "What people noted of moments of a project", note: "The latest first.", right: .member(.readNumbers),
    query: QueryParameters(
      AnnotationRoutes.from, AnnotationRoutes.to, AnnotationRoutes.limit, .place),
    answer: OperationAnswer(AnnotationRoutes.page, "A page of annotations."))

  static let annotate = Operation(
    .post, "/api/v1/projects/{project_id}/annotations", id: "annotate", .projects, "Note what happened to a project",
    note: "At a moment, or over a span: charts mark it. A project has \(Project.maximumAnnotations) at most.",
    right: .member(.manageProjects), isIdempotent: true,
    body: .object(Body(AnnotationRoutes.at, AnnotationRoutes.until, AnnotationRoutes.text)),
    answer: OperationAnswer(
      .created, AnnotationRoutes.added, "The annotation; of a retry with the same Idempotency-Key the same."),
    problems: [.projectArchived, .limitReached, .idempotencyConflict, .tooManyAttempts])

  static let removeAnnotation = Operation(
    .delete, "/api/v1/projects/{project_id}/annotations/{annotation_id}", id: "removeAnnotation", .projects,
    "Remove an annotation", note: "Removing it again changes nothing.", right: .member(.manageProjects),
    answer: OperationAnswer(AnnotationRoutes.removed, "It is none any more."),
    problems: [.projectArchived, .annotationNotFound])

  static let marks = Operation(
    .get, "/api/v1/projects/{project_id}/marks", id: "marks", .numbers, "What happened to a project",
    note: """
      All that a chart of the project's numbers is marked with: annotations, spans that were voided, crossings of the account's live quota, \
      changes of its tier, and releases that requests named first, as far back as detail is kept. Of each kind the latest hundred in the span.
      """, right: .member(.readNumbers), query: QueryParameters(MarkRoutes.mode, .from, .to),
    answer: OperationAnswer(MarkRoutes.list, "In the order of time."))
}

extension AnnotationRoutes {
  static let limit = Parameter<Int>.limit(upTo: 500)
  static let from = Parameter<Instant?>.time("from", "Those alone of which something lies from here on.")
  static let to = Parameter<Instant?>.time("to", "Those alone that begin before.")

  static let at = Member<Instant>.time("at", "When it happened, or began, to the millisecond.")
  static let until = Member.optionalTime("until", "When it was over. When left out, it was a moment.")
  static let text = Member<String>.text(
    "text",
    "What happened, in one line: not all of it spaces, without control characters and characters that turn the direction of text.",
    .text(1...Project.maximumAnnotationLength))

  static let page = Shape<Answered<Page<ListedAnnotation, TimePlace>>>.page(
    "annotations",
    of: Shape(
      "Annotation",
      [
        .id("annotation_id") { $0.id }, .time("at") { $0.at }, .optionalTime("until") { $0.until },
        .text("text") { $0.text }, .optionalID("added_by", "The person.") { $0.addedBy },
        .time("added_at") { $0.addedAt },
      ]))

  static let added = Shape<AnnotationAdded>([
    .id("annotation_id") { $0.annotationID }, .id("project_id") { $0.projectID }, .time("at") { $0.at },
    .optionalTime("until") { $0.until }, .text("text") { $0.text },
  ]).changed()

  static let removed = Shape<RemovedNote>([
    .id("project_id") { $0.project }, .id("annotation_id") { $0.id },
    Field("removed", .constant(true)) { _ in true },
  ]).changed()
}

extension MarkRoutes {
  static let mode = Parameter<KeyMode?>.word("mode", "live by default.")

  static let list = Shape<MarksAnswer>([
    .id("project_id") { $0.span.project }, .word("mode") { $0.span.mode }, .time("from") { $0.span.range.lowerBound },
    .time("to") { $0.span.range.upperBound }, .list("marks", of: mark) { $0.answered.value.marks },
    .boolean("is_complete", "False where there were more of a kind than are told.") { $0.answered.value.isWhole },
    .asOf { $0.answered.asOf },
  ])

  private static let mark = Shape<Mark>(
    "Mark",
    [
      .word("kind") { $0.kind }, .time("at", "When it happened, or began.") { $0.at },
      .optionalTime("until", "When it was over.") { $0.until },
      .optional("text", "Of an annotation, or the reason of a void.") { $0.text },
      Field("id", .uuid, note: "Of an annotation, or a void.", isOptional: true) { $0.id.map { .id($0) } },
      Field("events", .count, note: "How many requests a void took.", isOptional: true) {
        $0.events.map { .integer($0) }
      },
      Field("tier", .words(of: Tier.self), note: "What the account pays for from then on.", isOptional: true) {
        $0.tier.map { .string($0.rawValue) }
      },
      Field("percent", .integer, note: "Of the month's quota, which was used.", isOptional: true) {
        $0.crossing.map { .integer($0.crossing.percent) }
      },
      Field("quota", .count, note: "That quota, live calls.", isOptional: true) {
        $0.crossing.map { .integer(Int($0.quota)) }
      },
      .optional("release") { $0.release },
    ])
}

/// What happened to a project in a span.
struct MarksAnswer: Sendable {
  let span: TrafficSpan
  let answered: Answered<Marks>
}
