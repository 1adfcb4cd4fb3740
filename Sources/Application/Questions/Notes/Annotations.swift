package import Domain
package import Foundation
import Postgres

/// What somebody noted of a moment, or a span, of a project.
package struct ListedAnnotation: Sendable, Equatable {
  /// By which it is removed.
  package let id: UUID
  /// When it happened, or began.
  package let at: Instant
  /// When it was over; nil: it was a moment.
  package let until: Instant?
  /// What happened.
  package let text: String
  /// The person; nil where none is known.
  package let addedBy: UUID?
  /// When it was noted.
  package let addedAt: Instant
}

extension Questions {
  /// A page of a project's annotations of which something lies in a span, the latest first.
  package func annotations(
    of project: UUID, in account: UUID, range: Range<Instant>, after place: TimePlace? = nil, limit: Int
  ) async throws -> Answered<Page<ListedAnnotation, TimePlace>> {
    let shard = self.shard(of: account)
    let question = AnnotationsQuestion(shard: shard, project: project, range: range, place: place, rows: limit + 1)
    let listed = try await answer(question, shard: shard)
    return Answered(Page(listed.value, limit: limit) { TimePlace(time: $0.at, id: $0.id) }, listed.asOf)
  }
}

struct AnnotationsQuestion: Question {
  let shard: Int
  let project: UUID
  let range: Range<Instant>
  let place: TimePlace?
  let rows: Int

  static let file = QueryFile("notes", "annotations")
  static let sample = AnnotationsQuestion(shard: 0, project: .sample, range: .sample, place: nil, rows: 1)
  var parameters: [any PostgresEncodable] {
    [Int32(shard), project, range.lowerBound, range.upperBound, place?.time, place?.id, Int32(rows)]
  }

  static func answer(_ row: AnswerRow) throws -> ListedAnnotation {
    ListedAnnotation(
      id: try row.value("annotation_id"), at: try row.value("at"), until: try row.value("until"),
      text: try row.value("text"), addedBy: try row.value("added_by"), addedAt: try row.value("added_at"))
  }
}
