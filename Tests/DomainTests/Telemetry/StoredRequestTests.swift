import Domain
import TestDatabase
import Testing

@Suite struct StoredRequestTests {
  private func read(_ text: String) throws -> [(method: String?, path: String?, status: Int, time: Int64?, at: Int64)] {
    var found: [(method: String?, path: String?, status: Int, time: Int64?, at: Int64)] = []
    var bytes = Array(text.utf8)
    try bytes.withUnsafeMutableBufferPointer { buffer in
      try StoredRequest.read(UnsafeBufferPointer(buffer)) { request in
        found.append(
          (request.string(.method), request.string(.endpoint), request.status, request.time, request.timestamp))
        return true
      }
    }
    return found
  }

  @Test func whatIsEncodedIsRead() throws {
    var bytes = Array("[".utf8)
    let request = TrackedRequest(
      endpoint: "/a\"b/ü", method: .get, statusCode: 404, responseTimeNanoseconds: 12_345_678,
      timestamp: 1_700_000_000_123)
    request.encode(into: &bytes)
    bytes.append(UInt8(ascii: "]"))
    let found = try #require(try read(String(decoding: bytes, as: UTF8.self)).first)
    #expect(found.method == "GET" && found.path == "/a\"b/ü" && found.status == 404)
    #expect(found.time == 12_345_678 && found.at == 1_700_000_000_123)
  }

  /// PostgreSQL's jsonb orders members by length and puts spaces between.
  @Test func asPostgreSQLWritesIt() throws {
    let text = """
      [{"method": "GET", "endpoint": "/x", "template": "/x", "timestamp": 1, "status_code": 200, "response_time_ms": 0.5}, \
      {"method": "PUT", "endpoint": "/y", "template": "/y", "timestamp": 2, "status_code": 500}]
      """
    let found = try read(text)
    #expect(found.map(\.status) == [200, 500] && found.map(\.time) == [500_000, nil])
  }

  @Test(
    arguments: [
      "", "{}", "[1]", "[{}]", #"[{"method": "GET", "endpoint": "/x", "template": "/x", "status_code": 200}]"#,
      #"[{"method": "GET", "endpoint": "/x", "template": "/x", "timestamp": null, "status_code": 200}]"#,
      #"[{"endpoint": "/x", "template": "/x", "timestamp": 1, "status_code": 200}]"#, "[{",
    ]) func whatIsNoRequestIsAnErrorAndNotCountedAsSomethingElse(text: String)
  {
    #expect(throws: (any Error).self) { try read(text) }
  }
}
