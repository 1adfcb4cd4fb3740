import Foundation
import Testing

@testable import Domain

@Suite struct PathTemplateTests {
  @Test(
    "ids become {id} and words stay",
    arguments: [
      ("/", "/"), ("/v2/users", "/v2/users"), ("/v1.1/users/7", "/v1.1/users/{id}"), ("/users/42/", "/users/{id}/"),
      ("/1.0/2.10/1.2.3/ping", "/1.0/2.10/1.2.3/ping"), ("/t/-5/+7/12.345/-0.5", "/t/{id}/{id}/{id}/{id}"),
      ("/2009-04-04/meta-data", "/2009-04-04/meta-data"),
      ("/latest/meta-data/local-ipv4", "/latest/meta-data/local-ipv4"),
      ("/x/54fadb412c4e40cdbaed9335e4c35a9e", "/x/{id}"), ("/x/38101A0B-2096-447d-96ea-a692162415ae", "/x/{id}"),
      ("/deadbeef/facade/feedface/servers", "/deadbeef/facade/feedface/servers"),
      ("/x/deadbee1", "/x/{id}"), ("/x/beef1", "/x/beef1"), ("/x/0xdeadBEEF", "/x/{id}"),
      ("/x/abcdefabcdefabcdefabcdefabcdefab", "/x/{id}"),
      ("/u/usr_8Fh3kd92Lq", "/u/{id}"), ("/o/order-12345", "/o/{id}"), ("/r/req-9bc36dd9", "/r/{id}"),
      ("/c/cus_NffrFeUfNV2Hib", "/c/{id}"), ("/p/pi_3MtwBwLkdIwHu7ix28a3tqPa", "/p/{id}"),
      ("/r/req-38101a0b-2096-447d-96ea-a692162415ae", "/r/{id}"), ("/i/i-0123abcd", "/i/{id}"),
      ("/oauth-2/sha-256/utf-8/step-1", "/oauth-2/sha-256/utf-8/step-1"),
      ("/api_getV2Users/getUserAccountDetailsByIdV2", "/api_getV2Users/getUserAccountDetailsByIdV2"),
      (
        "/os-server-external-events/security-group-rules-v2-list",
        "/os-server-external-events/security-group-rules-v2-list"
      ),
      ("/m/me@example.com", "/m/{id}"), ("/m/me%40example.com/x", "/m/{id}/x"),
      ("/u/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/u/{id}"), ("/n/V1StGXR8_Z5jdHi6B-myT", "/n/{id}"),
      ("/j/eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N", "/j/{id}"),
      ("/h/10.11.10.1/fe80::1/1.2.3.400", "/h/{id}/{id}/1.2.3.400"),
      ("/at/2017-05-16T00:00:00Z", "/at/{id}"), ("/orders/450789469.json", "/orders/{id}.json"),
      ("/meta_data.json", "/meta_data.json"), ("/users?page=3", "/users?{query}"), ("/users?", "/users"),
      ("/users?#x", "/users"), ("/users/7#frag?x", "/users/{id}"), ("//7//", "//{id}//"), ("/é/7/日本", "/é/{id}/日本"),
      ("", ""), ("*", "*"), ("10.11.10.1:443", "10.11.10.1:443"), ("/%", "/%"), ("/-", "/-"), ("/_1", "/_1"),
      ("/.", "/."), ("/1.", "/1."), ("/.5", "/.5"),
    ])
  func template(path: String, template: String) {
    #expect(PathTemplate.template(of: path) == template)
    #expect(PathTemplate.template(of: template) == template)
  }

  @Test func aTemplateIsItsOwnTemplateAndBoundedWhateverThePath() {
    var random = SplitMix(seed: 7)
    let alphabet = Array("/////0123456789abcdefxyzABZ-_.:@%40?#{}id+é".utf8)
    for _ in 0..<20_000 {
      let path = String(decoding: (0..<random.below(60)).map { _ in random.pick(alphabet) }, as: UTF8.self)
      let template = PathTemplate.template(of: path)
      #expect(PathTemplate.template(of: template) == template, "\(path)")
      #expect(template.utf8.count <= path.utf8.count * 5 / 2 + 9)
    }
  }

  /// 698 calls of the plain list, and two with a query beside them: were the query dropped it would be 700.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: NovaLog.path)))
  func theRealLogHasTheseTemplates() throws {
    var counts: [String: Int] = [:]
    for request in try NovaLog.requests() {
      counts["\(request.method) \(PathTemplate.template(of: request.path))", default: 0] += 1
    }
    let latest = [
      "": 12, "ami-id": 1, "ami-launch-index": 2, "block-device-mapping/": 10, "block-device-mapping/ami": 9,
      "block-device-mapping/root": 8, "hostname": 1, "local-hostname": 2, "local-ipv4": 3, "placement/": 7,
      "placement/availability-zone": 4, "public-hostname": 1, "reservation-id": 3, "security-groups": 2,
    ]
    var expected = [
      "GET /v2/{id}/servers/detail": 698, "GET /v2/{id}/servers/detail?{query}": 2,
      "POST /v2/{id}/os-server-external-events": 43, "DELETE /v2/{id}/servers/{id}": 22, "POST /v2/{id}/servers": 21,
      "GET /v2/{id}/servers/{id}": 21, "GET /v2/{id}/images/{id}": 1, "GET /v2/{id}/flavors/{id}": 1,
      "GET /openstack/2012-08-10/meta_data.json": 22, "GET /openstack/2013-10-17": 22,
      "GET /openstack/2013-10-17/meta_data.json": 35, "GET /openstack/2013-10-17/user_data": 20,
      "GET /openstack/2013-10-17/vendor_data.json": 44,
    ]
    for (name, count) in latest { expected["GET /latest/meta-data/\(name)"] = count }
    for (template, count) in counts where expected[template] != count { Issue.record("\(template): \(count)") }
    #expect(counts == expected)
    #expect(counts.values.reduce(0, +) == 1_017)
  }
}
