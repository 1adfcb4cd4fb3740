import Crypto
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import TestDatabase

@testable import Application
@testable import Server

extension Target {
  private static let key = SymmetricKey(size: .bits256)
  private static let principal = Principal(userID: UUID(), sessionID: UUID())
  private static let cursors: [[UInt8]] =
    [
      Cursor(Instant(microseconds: 1_795_000_000_123_456), UUID()).text, Cursor(UUID()).text,
      Cursor(Int64.max).text, Cursor(Int64(7), "GET", "/x").text, Cursor(Instant.now, Int32(1), Int64(3)).text,
      Cursor(String(Int64.min), UUID().uuidString).text, Cursor(String(Int64.min), "GET", "/").text,
    ].map { Array($0.utf8) } + Fuzzer.deepJSON.map { Array(Base64URL.text($0).utf8) }

  /// What requests bring along.
  static let ofServer: [Target] = [
    Target("cursor", cursors) { (bytes: [UInt8], fuzzer: inout Fuzzer) in
      var text = String(decoding: bytes, as: UTF8.self)
      // Half of them well formed, of values that may be anything.
      if Bool.random(using: &fuzzer) {
        let values = (0..<3).map { _ in String(decoding: fuzzer.extreme(), as: UTF8.self) }
        text = Cursor(values[0], values[1], values[2]).text
      }
      _ = Cursor.values(of: text, as: Instant.self, UUID.self).map { time, _ in time.microseconds }
      let single: Int64? = Cursor.values(of: text, as: Int64.self)
      _ = single
      _ = Cursor.values(of: text, as: Int64.self, String.self, String.self)
      _ = Cursor.values(of: text, as: Instant.self, Int32.self, Int64.self)
    },
    Target(
      "query",
      [
        "from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z&mode=live&limit=10&interval=minute&month=2026-11&whole=7&cursor=",
        "status=404,5xx,ok&min_ms=0.000001&max_ms=9999999999&key_id=018fd4e2-5b1a-7c3d-9e8f-0a1b2c3d4e5f",
        "month=9999-12&whole=9223372036854775807", "from=1970-01-01T00:00:00Z&to=9999-12-31T23:59:59Z&interval=day",
      ].map { Array($0.utf8) }
    ) { bytes, fuzzer in
      let query = String(decoding: bytes, as: UTF8.self)
      let parameters = ReadParameters(request(path: "/api/v1/usage?\(query)"))
      let now = fuzzer.instant()
      if let range = try? parameters.range(now: now) {
        for interval in LocalCalendar.Unit.allCases { try? interval.check(range, parameters) }
      }
      _ = try? Parameter.month.read(parameters)?.next
      _ = try? parameters.limit(default: 50, maximum: 500)
      _ = try? parameters.whole("whole")
      _ = try? Parameter.mode.read(parameters)
      _ = try? Parameter.place.read(parameters)
      _ = try? ReadRoutes.rank.read(parameters)
      _ = try? RequestParameters.place.read(parameters)
      _ = try? RequestParameters.status.read(parameters)
      _ = try? RequestParameters.key.read(parameters)
      _ = try? RequestParameters.atLeast.read(parameters)
      _ = try? SecurityLogRoutes.place.read(parameters)
    },
    Target(
      "JSON body",
      [
        #"{"name": "a", "number": 7, "time": "2026-11-24T10:00:00Z", "mode": "live", "scopes": ["track"]}"#,
        #"{"number": 1.0e2, "time": null, "a": {"b": [[[]]]}}"#,
      ].map { Array($0.utf8) } + Fuzzer.deepJSON
        + [Array((String(repeating: "[", count: 700) + String(repeating: "]", count: 700)).utf8)]
    ) { bytes, _ in
      guard let body = try? JSONBody(Data(bytes), allowed: ["name", "number", "time", "mode", "scopes"]) else { return }
      _ = try? body.text("name")
      _ = try? body.optionalInteger("number", in: 0...604_800)
      _ = try? body.optionalTime("time")?.milliseconds
      _ = try? body.optionalChoice("mode", of: KeyMode.self)
      _ = try? body.optionalChoices("scopes", of: KeyScope.self)
    },
    Target(
      "headers",
      [
        "Bearer sk_live_0", "bearer   a.b.c", "Basic QQ==", "203.0.113.9, 10.0.0.1", "gzip", "2001:db8::1", "5242881",
        "0123456789",
      ]
    ) { text in
      let request = request(
        path: "/",
        headers: HTTPFields(
          [HTTPField.Name.authorization, .idempotencyKey, .xForwardedFor, .userAgent, .contentLength].map {
            HTTPField(name: $0, value: text)
          }))
      _ = try? request.bearerKey
      _ = try? request.bearerToken
      _ = try? IdempotencyKey(request)?.id(of: "key", in: UUID(), by: UUID())
      let client = Client(address: text, userAgent: request.headers[.userAgent])
      _ = Client(text: client.text)
      _ = Client(text: text)
      let proxies = TrustedProxies(text) ?? .none
      _ = proxies.client(behind: text, listed: request.headers[values: .xForwardedFor], forwarded: [text])
      _ = TrustedProxies("10.0.0.0/8,::/0")?.client(behind: "10.0.0.1", listed: [text], forwarded: [text])
    },
    Target(
      "token",
      [
        MailToken(id: UUID(), purpose: MailToken.invitation, owner: UUID(), key: key).text,
        SessionToken(of: principal, for: .refresh, key: key).text,
      ]
    ) { text in
      _ = MailToken(parsing: text, purpose: MailToken.invitation, key: key)
      _ = SessionToken(parsing: text, for: .refresh, key: key)
      _ = Base64URL.bytes(text)
    },
    Target(
      "access token",
      [#"{"iss":"recount","aud":["recount-api"],"sub":"a","sid":"b","iat":1,"exp":2}"#].map { Array($0.utf8) }
        + Fuzzer.deepJSON
    ) { bytes, fuzzer in
      if let token = try? ForeignJSON.decode(AccessToken.self, from: Data(bytes)) {
        _ = token.principal(now: fuzzer.instant())
      }
      let (part, header) = (Base64URL.text(bytes), Base64URL.text(Array(#"{"alg":"HS256"}"#.utf8)))
      _ = AccessTokens.isReadable("\(part).\(part).\(part)")
      _ = AccessTokens.isReadable("\(header).\(part).")
      _ = AccessTokens.isReadable(String(decoding: bytes, as: UTF8.self))
    },
    Target("gzip", [Array(Gzip.compress(String(repeating: "some text ", count: 20)).readableBytesView)]) { bytes, _ in
      _ = try? Gunzip.inflate(ByteBuffer(bytes: bytes), limit: 100_000)
    },
  ]

  private static func request(path: String, headers: HTTPFields = [:]) -> Request {
    Request(
      head: HTTPRequest(method: .get, scheme: nil, authority: nil, path: path, headerFields: headers),
      body: RequestBody(buffer: ByteBuffer()))
  }
}
