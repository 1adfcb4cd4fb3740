import Application
import Domain
import Foundation
import HTTPTypes

extension Operation {
  static let requests = Operation(
    .get, "/api/v1/projects/{project_id}/requests", id: "requests", .numbers, "Single requests",
    note: """
      Every request that counts, as far back as detail is kept, by whatever is asked of it; several parameters together are to hold all at \
      once. However rare what is asked for is, following `next_cursor` to its end finds all of it, each once. A call looks at some \
      100,000 requests at most: where it stops for that, `is_complete` is false, and `next_cursor` goes on from there, be the page short or \
      empty.
      """, right: .memberOrKey(.readNumbers, .read),
    query: QueryParameters(.mode, .from, .to).and(RequestParameters.filter).and(
      QueryParameters(ReadRoutes.limit, RequestParameters.place)),
    answer: OperationAnswer(RequestShapes.page, "Latest first."), problems: [.tooManyAtOnce])
}

/// How single requests are shown.
enum RequestShapes {
  static let page = Shape<SpanAnswer<RequestPage>>.span([
    .list("requests", of: request) { $0.content.requests },
    .nextCursor { $0.content.next.map { Cursor($0.time, $0.position) } },
    .boolean(
      "is_complete",
      "False where the page ended before it had as many as were asked for, or all: `stopped_by` says why."
    ) {
      $0.content.stop == nil
    },
    Field(
      "stopped_by", .words(of: RequestPage.Stop.self).orNull,
      note: """
        cost: the call has looked at as much as one may, and `next_cursor` goes on. archive: what comes next lies in an archived month \
        that this server can't read. null where the page is complete.
        """
    ) { $0.content.stop.map { .string($0.rawValue) } ?? .null },
    .time(
      "searched_from", "From when on all requests have been looked at, in this call and those whose cursors led to it."
    ) {
      $0.content.searchedFrom
    },
  ])

  static let request = Shape<FoundRequest>(
    "Request",
    [
      .integer("position", "Where it stands in its shard's log.") { $0.position }, .time("timestamp") { $0.time },
      .time("recorded_at") { $0.recordedAt },
      .text("path", "As it was tracked, with its query string.") { $0.endpoint },
      .text("template", TrafficShapes.templateNote) { $0.template },
      .text("method") { $0.method }, .integer("status_code") { $0.statusCode },
      .decimal("response_time_ms", "null where it was not recorded, like what follows.") { $0.responseTime },
      .optionalText("consumer", "Who called.") { $0.consumer },
      .optionalText("release", "What served it.") { $0.release },
      .optionalText("error", "What went wrong.") { $0.error },
      bytes("request_bytes") { $0.requestBytes }, bytes("response_bytes") { $0.responseBytes },
      .id("key_id", "The key that sent it.") { $0.keyID },
      .optionalID("id", "The event_id it brought, or the batch_id of its call.") { $0.id },
      .integer("ordinal", "Its number in that call, from 0.") { $0.ordinal },
    ])

  private static func bytes(
    _ name: String, _ get: @escaping @Sendable (FoundRequest) -> Int64?
  ) -> Field<FoundRequest> {
    Field(name, Schema.integer.orNull) { get($0).map { .integer(Int($0)) } ?? .null }
  }
}
