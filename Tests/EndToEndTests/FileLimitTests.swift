import Foundation
import TestDatabase
import Testing

/// A server that may have few files open, and clients that hold as many connections as they can.
@Suite(.serialized) struct FileLimitTests {
  @Test func idleConnectionsBeyondTheLimitKeepNobodyOutAndCostNothing() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let (port, process) = try await installation.startSecondServer(limits: "-n 256")
      let idle = try (0..<320).map { _ in try IdleClient(port: port) }
      for _ in 0..<3 {
        let busy = try await ServerProcess(process).load(over: .seconds(1))
        #expect(busy < 0.5, "of a core")
        try await eventually("the server answers a newcomer") {
          (try? await HTTP.get(port: port, path: "/healthz", key: "")) != nil
        }
      }
      #expect(try ServerProcess(process).openFiles < 256)
      #expect(idle.count == 320)
    }
  }

  @Test func aSoftLimitIsRaised() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let (port, process) = try await installation.startSecondServer(limits: "-Sn 128")
      let limits = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
      let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max open files") })
      let numbers = line.split(separator: " ").compactMap { Int($0) }
      #expect(numbers.count == 2 && numbers[0] == min(numbers[1], 1 << 20), "\(line)")
      let idle = try (0..<200).map { _ in try IdleClient(port: port) }
      #expect(try await HTTP.send("GET", port: port, "/healthz").status == 200)
      #expect(idle.count == 200)
    }
  }

  @Test func withoutFilesAcceptingPausesAndGoesOnWhenThereAreSome() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let (port, process) = try await installation.startSecondServer(limits: "-n 4096")
      // Behind the server's back, to where its own cap on connections is too high.
      let server = ServerProcess(process)
      try await server.limit(openFiles: server.openFiles + 4)
      let clients = try (0..<60).map { _ in try IdleClient(port: port) }
      try await Task.sleep(for: .milliseconds(500))
      #expect(try await server.load(over: .seconds(3)) < 0.5, "of a core")
      try await server.limit(openFiles: 1_000)
      try await eventually("the server answers again") {
        (try? await HTTP.get(port: port, path: "/healthz", key: "")) != nil
      }
      #expect(clients.count == 60)
    }
  }
}

/// A connection that says nothing.
private final class IdleClient {
  private let descriptor: Int32

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(connected == 0)
  }

  deinit { close(descriptor) }
}

/// A process, as the kernel sees it.
private struct ServerProcess {
  let id: Int32

  init(_ id: Int32) { self.id = id }

  var openFiles: Int {
    get throws { try FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/fd").count }
  }

  func limit(openFiles: Int) async throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["prlimit", "--pid", "\(id)", "--nofile=\(openFiles):4096"]
    let output = Pipe()
    process.standardOutput = output
    let (status, _) = try await process.runToItsEnd(reading: output)
    try #require(status == 0)
  }

  /// How many cores it keeps busy.
  func load(over time: Duration) async throws -> Double {
    let (ticks, start) = (try ticks, ContinuousClock.now)
    try await Task.sleep(for: time)
    return Double(try self.ticks - ticks) / 100 / ((ContinuousClock.now - start) / .seconds(1))
  }

  /// Its time on processors, in hundredths of a second.
  private var ticks: Int {
    get throws {
      let stat = try String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
      let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
      return try [11, 12].map { try #require(Int(fields[$0])) }.reduce(0, +)
    }
  }
}
