import Postgres
import Testing

@Suite("listening") struct ListenTests {
  @Test("hears what is notified, in order, and finishes when the connection is closed") func hears() async throws {
    let listener = try await Fixture.connect()
    let sender = try await Fixture.connect()
    let channel = Fixture.name("Channel \"x\"")
    let stream = try await listener.listen(to: channel)
    for number in 0..<100 { try await sender.query("SELECT pg_notify(\(channel), \(String(number)))") }
    var heard: [String] = []
    for await notification in stream {
      heard.append(notification.payload)
      if heard.count == 100 { await listener.close() }
    }
    #expect(heard == (0..<100).map(String.init))
  }

  @Test("leaves the connection usable meanwhile") func usable() async throws {
    let listener = try await Fixture.connect()
    let channel = Fixture.name("busy")
    let stream = try await listener.listen(to: channel)
    for number in 0..<50 {
      #expect(try await listener.query("SELECT \(number) AS n").first?.decode("n", as: Int.self) == number)
    }
    try await listener.query("SELECT pg_notify(\(channel), 'self')")
    #expect(await stream.first { _ in true }?.payload == "self")
  }

  @Test("finishes when the server ends the connection") func lost() async throws {
    let listener = try await Fixture.connect()
    let row = try await listener.query("SELECT pg_backend_pid() AS pid").first
    let pid = try #require(try row?.decode("pid", as: Int32.self))
    let stream = try await listener.listen(to: "nothing")
    try await Fixture.connect().query("SELECT pg_terminate_backend(\(pid))")
    #expect(await stream.first { _ in true } == nil)
    #expect(await listener.isOpen == false)
  }
}
