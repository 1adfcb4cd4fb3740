import Domain
package import NIOCore

/// Every limit at the HTTP edge, in one place. What a tier allows stands with the tiers, what an event may hold in `TrackLimits`.
///
/// The defaults are what is documented; tests make them smaller.
package struct ServerLimits: Sendable {
  /// Connections in all. Each takes a file descriptor and some 20 kB; `Serve` lowers it to what the process's limit of open files leaves.
  package var connections = 4_096
  /// Connections of one client: an IPv4 address, or an IPv6 network of 64 bits, which is the least that anybody is given. An office
  /// behind one address fits; a trusted proxy is not held to it. Never more than half of `connections`, which is also what all
  /// networks of one IPv6 site (48 bits) have together.
  package var connectionsPerAddress = 512
  /// A connection without a request is closed after this.
  package var idle: TimeAmount = .seconds(30)
  /// For a request's head, from its first byte. It fits in a packet or two: who takes longer is no client of ours.
  package var head: TimeAmount = .seconds(10)
  /// For a whole request, from the first byte of its head: 5 MB at 85 kB/s.
  package var request: TimeAmount = .seconds(60)
  /// A body's first seconds, in which it may be as slow as it likes, and then the stretch over which its rate is measured: long
  /// enough for a lost packet or two.
  package var grace: TimeAmount = .seconds(5)
  /// The least that must arrive of a body in a second, as a mean over a stretch of `grace`. A modem of the nineties is faster.
  package var bodyBytesPerSecond = 1_024
  /// For whoever reads a body to answer when it broke off, came too slowly or found no room: a look-up or two.
  package var lastAnswer: TimeAmount = .seconds(5)
  /// What a client must take of an answer that waits for it: `stallBytes` in each stretch of this length, or all that is left.
  package var stall: TimeAmount = .seconds(30)
  /// See `stall`: about a kilobyte a second.
  package var stallBytes = 30_720
  /// How long a connection is read on, and thrown away, after its last answer: closed at once, what the client still sends would have
  /// the answer thrown away before it is read (RFC 9112, section 9.6).
  package var linger: TimeAmount = .seconds(2)
  /// Bytes of an answer that wait in the process for a client to take them, before whoever writes it must wait too.
  package var outboundBytes = 64 << 10
  /// Bytes of all requests' bodies in memory at a time, those of gzip inflated.
  package var bodyBytes = 256 << 20
  /// The part of `bodyBytes` for requests without a key in their header: nobody without one keeps those who have one from being
  /// heard.
  package var keylessBodyBytes = 64 << 20
  /// The first bytes of a body that neither of the two counts, of a connection's oldest request: log-ins and single events get in while
  /// others hold all of them. What is sent ahead of its answer is counted from its first byte.
  /// At most 64 MB, by `connections`.
  package var freeBodyBytes = 16 << 10
  /// Requests that a connection may have sent before the first of them is answered. A head takes a kilobyte in memory, and fits some
  /// thousand times into what is read at once.
  package var pipelined = 128
  /// Bytes of a request's head, and of any one field. Ours have one or two kilobytes.
  package var headBytes = 32 << 10
  /// Fields of a request's head.
  package var headFields = 100
  /// How long accepting pauses when the process, or the machine, is out of file descriptors or memory.
  package var acceptPause: TimeAmount = .milliseconds(500)

  /// The limits as documented.
  package init() {}

  /// Events that an answer to a tracked call gives a reason for; the others are counted. A body of 160 bytes, compressed, has 5,000
  /// faults, and a program that sends them needs to be told once.
  static let results = 100

  /// How often a connection looks at its clocks: a deadline is kept to within this.
  var tick: TimeAmount {
    let shortest = [idle, head, request, grace, stall, linger].map(\.nanoseconds).min() ?? 0
    return .nanoseconds(min(max(shortest / 4, 10_000_000), 1_000_000_000))
  }

  /// What one address may have, whatever was asked for.
  var fairConnectionsPerAddress: Int { max(1, min(connectionsPerAddress, connections / 2)) }

  /// What all networks of an IPv6 site may have: a home may be given 256 of them, and would else take all connections there are.
  var fairConnectionsPerSite: Int { max(1, connections / 2) }
}
