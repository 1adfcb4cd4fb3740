import Foundation
import Testing

@testable import Application

/// Which addresses a host of Slack's may have, and which lead back to us.
@Suite struct NetworkAddressTests {
  private func address(_ text: String) throws -> NetworkAddress {
    var v4 = [UInt8](repeating: 0, count: 4)
    if inet_pton(AF_INET, text, &v4) == 1 { return try #require(NetworkAddress(v4)) }
    var v6 = [UInt8](repeating: 0, count: 16)
    #expect(inet_pton(AF_INET6, text, &v6) == 1, "\(text)")
    return try #require(NetworkAddress(v6))
  }

  @Test(arguments: [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
    "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "5f00::1",
  ]) func whatIsOfNoPublicNetworkIsRefused(text: String) throws {
    #expect(try !address(text).isPublic)
  }

  @Test(arguments: [
    "3.68.170.153", "8.8.8.8", "99.255.255.255", "100.128.0.1", "126.0.0.1", "128.0.0.1", "172.15.0.1", "172.32.0.1",
    "192.167.0.1", "223.255.255.1", "2600:1f18::1", "2a05:d014::1", "2001:4860:4860::8888",
  ]) func whatIsSomebodysOnTheInternetIsTaken(text: String) throws {
    let address = try address(text)
    #expect(address.isPublic && address.text == text)
  }

  @Test func theSystemKnowsWhoThisIs() async throws {
    let found = try await HostResolver.system.addresses("localhost")
    #expect(!found.isEmpty && found.allSatisfy { !$0.isPublic })
    await #expect(throws: NoAddress.self) { try await HostResolver.system.addresses("nobody.invalid") }
  }
}
