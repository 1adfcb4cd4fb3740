import Testing

@testable import Application
@testable import Server

@Suite struct ClientTests {
  @Test func withoutATrustedProxyTheSocketTells() {
    #expect(TrustedProxies.none.client(behind: "192.0.2.1", listed: ["198.51.100.7"]) == "192.0.2.1")
  }

  @Test func aTrustedProxyTellsAndItsClientDoesNot() throws {
    let proxies = try #require(TrustedProxies("10.0.0.0/8, 2001:db8::1"))
    #expect(proxies.client(behind: "10.1.2.3", listed: ["198.51.100.7"]) == "198.51.100.7")
    #expect(proxies.client(behind: "::ffff:10.1.2.3", listed: ["198.51.100.7"]) == "198.51.100.7")
    // What stands before was written by the client.
    #expect(proxies.client(behind: "10.1.2.3", listed: ["1.1.1.1, 198.51.100.7"]) == "198.51.100.7")
    #expect(proxies.client(behind: "2001:db8::1", listed: ["198.51.100.7, 10.9.9.9"]) == "198.51.100.7")
    #expect(proxies.client(behind: "2001:db8::1", listed: ["198.51.100.7", "10.9.9.9"]) == "198.51.100.7")
    #expect(proxies.client(behind: "11.0.0.1", listed: ["198.51.100.7"]) == "11.0.0.1")
    #expect(proxies.client(behind: "10.1.2.3", listed: ["nonsense"]) == "10.1.2.3")
    #expect(proxies.client(behind: "10.1.2.3", listed: []) == "10.1.2.3")
  }

  @Test(arguments: ["nonsense", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/-1", "2001:db8::/129"])
  func whatIsNoAddressIsRefused(text: String) {
    #expect(TrustedProxies(text) == nil)
  }

  @Test(arguments: [
    "198.51.100.7:4711", " 198.51.100.7 ", "1.1.1.1:99, 198.51.100.7:4711", "[2001:db8::7]:4711, 10.0.0.9:80",
    "[2001:db8::7], 10.0.0.9", "2001:db8::7",
  ])
  func aProxyThatWritesPortsIsNotTakenForItsClients(field: String) throws {
    let proxies = try #require(TrustedProxies("10.0.0.0/8"))
    let client = proxies.client(behind: "10.1.2.3", listed: [field])
    #expect(client == (field.contains("2001") ? "2001:db8::7" : "198.51.100.7"))
  }

  @Test(arguments: [
    ("for=198.51.100.7", "198.51.100.7"), ("For=\"198.51.100.7:4711\";proto=https;by=10.0.0.1", "198.51.100.7"),
    ("for=1.1.1.1, proto=http; for=\"[2001:db8::7]:4711\" , for=10.0.0.9", "2001:db8::7"),
    ("host=\"a,b;for=9.9.9.9\";for=198.51.100.7", "198.51.100.7"), ("for=unknown", "10.1.2.3"),
    ("for=_hidden, for=10.0.0.9", "10.0.0.9"), ("proto=https", "10.1.2.3"), ("for=\"\\198.51.100.7\"", "198.51.100.7"),
    ("for=198.51.100.7:_x", "198.51.100.7"), ("for=\"[nonsense]:1\"", "10.1.2.3"), ("for=nonsense:1", "10.1.2.3"),
  ])
  func aProxyMaySayItAsRFC7239Has(field: String, client: String) throws {
    let proxies = try #require(TrustedProxies("10.0.0.0/8"))
    #expect(proxies.client(behind: "10.1.2.3", listed: [], forwarded: [field]) == client)
    #expect(proxies.client(behind: "192.0.2.1", listed: [], forwarded: [field]) == "192.0.2.1")
  }

  @Test func whereBothFieldsDifferNeitherIsBelieved() throws {
    let proxies = try #require(TrustedProxies("10.0.0.0/8"))
    let list = ["198.51.100.7"]
    #expect(proxies.client(behind: "10.1.2.3", listed: list, forwarded: ["for=198.51.100.7"]) == "198.51.100.7")
    #expect(proxies.client(behind: "10.1.2.3", listed: list, forwarded: ["for=203.0.113.9"]) == "10.1.2.3")
  }

  @Test func quotesThatDoNotEndHideNobody() throws {
    let proxies = try #require(TrustedProxies("10.0.0.0/8"))
    func client(_ listed: [String], _ forwarded: [String] = []) -> String {
      proxies.client(behind: "10.1.2.3", listed: listed, forwarded: forwarded)
    }
    #expect(client(["\"x, 198.51.100.7"]) == "198.51.100.7")
    #expect(client(["\"x", "198.51.100.7"]) == "198.51.100.7")
    // He wrote both, and his proxy added itself within the quotes.
    #expect(client(["192.0.2.66"], ["for=\"x, for=198.51.100.7"]) == "10.1.2.3")
    #expect(client(["192.0.2.66"], ["for=\"x"]) == "10.1.2.3")
    #expect(client([], ["for=\"x", "for=198.51.100.7"]) == "198.51.100.7")
    #expect(client([], ["for=\"x, for=198.51.100.7"]) == "10.1.2.3")
  }
}
