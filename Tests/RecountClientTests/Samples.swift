import Foundation
import LoopbackServer
import RecountClient
import Testing

extension TrackEvent {
  static func sample(_ endpoint: String = "/v2/x") -> TrackEvent {
    TrackEvent(
      endpoint: endpoint, method: "GET", statusCode: 200, responseTime: ResponseTime(.milliseconds(12)),
      timestamp: Timestamp(milliseconds: 1_764_000_000_123))
  }
}

extension RecountClient.Configuration {
  init(_ server: LoopbackServer) throws {
    self.init(url: try #require(URL(string: server.url)), key: "sk_test_abc")
  }
}

extension LoopbackServer.Reply {
  static func accepted(_ count: Int) -> Self {
    .answer(status: 202, body: #"{"accepted":\#(count),"duplicates":0,"refused":0,"invalid":0,"results":[]}"#)
  }
}
