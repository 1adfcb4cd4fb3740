import Crypto
import Domain
import EventLog
import Foundation
import Testing

@testable import EventLog
@testable import Projector

/// Rows that an older release wrote are read by this one, if its projections' definitions are the same: so whatever rows are made of stands
/// under a number that is part of these.
@Suite struct SeriesFormatTests {
  /// What the requests below came to, in each format that there was. A row that comes out otherwise is another format: raise
  /// `ReadModelDefinition.seriesFormat`, and note what it then is.
  private static let digests = [2: "26efbb762af35610dd2406730b446d25", 3: "159c6307c79db08789c9b18e42566f75"]

  private static let requests = """
    [{"endpoint": "/v2/1/servers?x=1", "template": "/v2/{id}/servers?{query}", "method": "GET", "status_code": 200, \
    "response_time_ms": 12.345678, "timestamp": 1700000000123, "consumer": "acme", "release": "2.4.0"}, \
    {"endpoint": "/v2/2/servers", "template": "/v2/{id}/servers", "method": "POST", "status_code": 503, \
    "response_time_ms": 0.001, "timestamp": 1700000900000, "error": "Timeout"}, \
    {"endpoint": "/ü", "template": "/ü", "method": "GET", "status_code": 404, "timestamp": 1700086400000}, \
    {"endpoint": "/v2/1/servers?x=2", "template": "/v2/{id}/servers?{query}", "method": "GET", "status_code": 200, \
    "response_time_ms": 3600000, "timestamp": 1700000000999, "consumer": "acme", "release": "2.4.0"}]
    """

  @Test func rowsAreWrittenAsTheirFormatSays() throws {
    var digest = SHA256()
    let scope = RequestScope(
      project: try #require(UUID(uuidString: "7d444840-9dc0-41d1-b245-5ffdce74fad2")), mode: "live")
    for label in [[], [.method, .template], [.path], [.consumer], [.release], [.status], [.key]] as [[LabelWord]] {
      for minutes: Int64 in [1, 15] {
        let series = try Series(
          name: "s", label: label, minutes: minutes, most: 2, isTimed: label != [.path], keepsTotals: false)
        try add(rowsOf: series, scope, to: &digest)
      }
    }
    var places = PlaceFold(BatchEnds(ends: [2, 4]))
    var position: Int64 = 0
    try forEach { request in
      position += 1
      try places.add(request, at: position, of: scope, key: .key(scope.project))
    }
    places.close()
    for (block, places) in zip(places.blocks, places.places) {
      digest.update(data: Data("\(block.start)".utf8))
      for place in places { digest.update(data: Data(try #require(try BatchPlaces().adding(place)).bytes)) }
    }
    let found = digest.finalize().prefix(16).map { String(format: "%02x", $0) }.joined()
    #expect(Self.digests[ReadModelDefinition.seriesFormat] == found)
  }

  private func add(rowsOf series: Series, _ scope: RequestScope, to digest: inout SHA256) throws {
    var fold = SeriesFold(series)
    try forEach { request in fold.add(request, of: scope, key: Array("a key".utf8)) }
    let rows = SeriesRows(
      fold, labels: fold.blocks.map { _ in SeriesRows.Labels() }, takes: fold.blocks.map { _ in true })
    for row in rows.rows {
      digest.update(data: Data("\(fold.blocks[row.block].start) \(row.hash) ".utf8 + row.label))
      digest.update(data: Data(row.total.bytes + row.cells.bytes))
    }
    for labels in rows.labels { digest.update(data: Data(LabelRanks(labels.calls).bytes)) }
  }

  private func forEach(_ body: (borrowing StoredRequest) throws -> Void) throws {
    let bytes = Array(Self.requests.utf8)
    try bytes.withUnsafeBufferPointer { buffer in
      try StoredRequest.read(buffer) { request in
        try body(request)
        return true
      }
    }
  }
}
