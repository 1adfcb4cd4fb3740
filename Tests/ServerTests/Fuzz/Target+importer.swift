import Importer
import RecountClient

extension Target {
  /// Access logs hold what anybody asked a server for.
  static let ofImporter: [Target] = LogFormatName.allCases.map { name in
    Target(
      "log in \(name)",
      [
        #"203.0.113.9 - - [24/Nov/2026:10:00:00 +0000] "GET /a?b HTTP/1.1" 200 17 "-" "curl/8" 0.012"#,
        #"nova-api.log 2017-05-16 00:00:00.272 25743 INFO nova.osapi_compute.wsgi.server [req-1 - - -] 10.11.10.1 "GET /v2/1/servers/detail HTTP/1.1" status: 200 len: 1583 time: 0.1919448"#,
        #"{"endpoint": "/a", "consumer": "c", "request_bytes": 1, "release": "1", "response_time_ms": null}"#,
        #"{"endpoint": "/a", "method": "GET", "status_code": 200, "response_time_ms": 1.5, "timestamp": "2026-11-24T10:00:00Z"}"#,
      ].map { Array($0.utf8) } + Fuzzer.deepJSON
    ) { bytes, _ in
      _ = try? name.format(defaultResponseTime: nil).parse(bytes[...])
    }
  }
}
