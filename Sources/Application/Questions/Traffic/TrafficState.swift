import Domain
import EventLog
import Foundation
import Postgres

/// What an answer about a span of a project's traffic would be made of at this moment.
struct TrafficState: Sendable {
  let asOf: AsOf
  /// Nil while all detail is kept.
  let detailFrom: Instant?
  /// Another one whenever an answer would be.
  let version: [UInt8]
}

struct TrafficStateQuestion: Question {
  let shard: Int
  let span: TrafficSpan

  static let file = QueryFile("traffic", "state")
  static let sample = TrafficStateQuestion(shard: 0, span: .sample)
  var parameters: [any PostgresEncodable] {
    span.subject(shard) + [span.range.lowerBound.toDay, span.range.upperBound.upToDay]
  }

  static func answer(_ row: AnswerRow) throws -> TrafficState {
    let detailFrom: Instant? = try row.value("detail_from")
    let days: Bytes = try row.value("version")
    return TrafficState(
      asOf: AsOf(
        position: try row.value("position"), time: try row.value("recorded_at"),
        logPosition: try row.value("log_position")),
      detailFrom: detailFrom,
      version: days.bytes + Array((detailFrom?.microseconds ?? .min).description.utf8))
  }
}

extension Questions {
  /// Answers about a span as it is counted: `body` gets it widened, and where detail begins. `question` says all that is asked but the
  /// span: what was answered to it before is the answer while nothing that it was made of has changed.
  func traffic<Value: Remembered>(
    _ span: TrafficSpan, _ question: String,
    _ body: nonisolated(nonsending) @Sendable (Snapshot, TrafficSpan, Instant) async throws -> Value
  ) async throws -> Answered<Value> {
    let asked = TrafficStateQuestion(shard: shard(of: span.account), span: span)
    let state = try Self.present(try await ask(asked))
    let key = AnswerMemory.Key(question: question, span: span.widened(detailFrom: state.detailFrom))
    if let known: Value = memory.value(key, version: state.version) { return Self.answered(known, state, key.span) }
    return try await log.pool.transaction(.repeatableRead, readOnly: true) { [memory] connection in
      // It may have moved since.
      let state = try Self.present(try await ask(asked, on: connection))
      let key = AnswerMemory.Key(question: question, span: span.widened(detailFrom: state.detailFrom))
      let snapshot = Snapshot(asOf: state.asOf, self, on: connection)
      let value = try await body(snapshot, key.span, state.detailFrom ?? .distantPast)
      memory.remember(value, of: key, version: state.version)
      return Self.answered(value, state, key.span)
    }
  }

  private static func present(_ found: [TrafficState]) throws -> TrafficState {
    guard let state = found.first else { throw ReadModelMissing(projection: TrafficStateQuestion.file.projection) }
    return state
  }

  private static func answered<Value: Sendable>(
    _ value: Value, _ state: TrafficState, _ span: TrafficSpan
  ) -> Answered<Value> {
    Answered(value, state.asOf, detailFrom: state.detailFrom, range: span.range, version: state.version)
  }
}
