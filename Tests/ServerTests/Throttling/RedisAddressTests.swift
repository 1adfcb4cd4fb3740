import Testing

@testable import Application
@testable import Server

@Suite struct RedisAddressTests {
  @Test func whatAnOperatorWritesIsRead() throws {
    #expect(try #require(RedisAddress("redis://localhost")).destination == .host("localhost", port: 6379))
    #expect(try #require(RedisAddress("redis://[::1]:7000/3")).destination == .host("::1", port: 7000))
    let full = try #require(RedisAddress("redis://app:p%40ss@cache.example.com:6380/15"))
    #expect(full.user == "app")
    #expect(full.password == "p@ss")
    #expect(full.database == 15)
    #expect(!full.description.contains("p@ss"), "a password gets into no log")
    let bare = try #require(RedisAddress("redis://:secret@cache/"))
    #expect(bare.user == nil)
    #expect(bare.password == "secret")
    let socket = try #require(RedisAddress("unix:///run/redis.sock?db=2"))
    #expect(socket.destination == .socket("/run/redis.sock"))
    #expect(socket.database == 2)
    #expect(try #require(RedisAddress("unix://:secret@/run/redis.sock")).password == "secret")
  }

  @Test(arguments: [
    "", "localhost", "localhost:6379", "http://localhost", "rediss://localhost", "redis://", "redis:///0",
    "redis://localhost:0", "redis://localhost:65536", "redis://localhost:99999999999999999999", "redis://localhost/x",
    "redis://localhost/-1", "redis://localhost/99999999999999999999", "redis://user@localhost", "unix://",
    "unix:///", "unix://host/run/redis.sock", "unix:///run/redis.sock?db=x", "unix:///run/redis.sock?other=1",
    "redis://localhost?db=1", "redis://localhost#1", "\u{0}", "redis://\u{0}",
  ]) func whatIsNoAddressIsNone(text: String) {
    #expect(RedisAddress(text) == nil)
  }
}
