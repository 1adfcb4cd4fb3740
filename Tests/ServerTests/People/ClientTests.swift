import Testing

@testable import Server

@Suite struct ClientTests {
  @Test func withoutATrustedProxyTheSocketTells() {
    #expect(TrustedProxies.none.client(behind: "192.0.2.1", forwarded: ["198.51.100.7"]) == "192.0.2.1")
  }

  @Test func aTrustedProxyTellsAndItsClientDoesNot() throws {
    let proxies = try #require(TrustedProxies("10.0.0.0/8, 2001:db8::1"))
    #expect(proxies.client(behind: "10.1.2.3", forwarded: ["198.51.100.7"]) == "198.51.100.7")
    #expect(proxies.client(behind: "::ffff:10.1.2.3", forwarded: ["198.51.100.7"]) == "198.51.100.7")
    // What stands before was written by the client.
    #expect(proxies.client(behind: "10.1.2.3", forwarded: ["1.1.1.1, 198.51.100.7"]) == "198.51.100.7")
    #expect(proxies.client(behind: "2001:db8::1", forwarded: ["198.51.100.7, 10.9.9.9"]) == "198.51.100.7")
    #expect(proxies.client(behind: "2001:db8::1", forwarded: ["198.51.100.7", "10.9.9.9"]) == "198.51.100.7")
    #expect(proxies.client(behind: "11.0.0.1", forwarded: ["198.51.100.7"]) == "11.0.0.1")
    #expect(proxies.client(behind: "10.1.2.3", forwarded: ["nonsense"]) == "10.1.2.3")
    #expect(proxies.client(behind: "10.1.2.3", forwarded: []) == "10.1.2.3")
  }

  @Test(arguments: ["nonsense", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/-1", "2001:db8::/129"])
  func whatIsNoAddressIsRefused(text: String) {
    #expect(TrustedProxies(text) == nil)
  }
}
