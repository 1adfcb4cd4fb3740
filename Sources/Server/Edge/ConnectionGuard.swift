import Domain
import Glibc
import HTTPTypes
import NIOCore
import NIOHTTP1

/// Between the parser and Hummingbird, one for each connection: holds requests against the rules of HTTP and against the clock, bodies
/// against the memory there is, and sees that every answer is whole.
///
/// What is wrong with a request before its head is complete, nobody else has heard of: it is answered here, once all requests before it
/// are. What is wrong with a body reaches whoever reads it as a ``Problem``, and is answered by them. Either way the connection ends
/// with that answer.
final class ConnectionGuard: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private enum State {
    case open
    /// Nothing more is taken in; the answers that are outstanding are given, and then this one, if any.
    case ending(with: EdgeAnswer?, by: NIODeadline?)
    /// All is answered; what still comes is thrown away. Until then, once the client has taken the answer.
    case lingering(until: NIODeadline?)
  }

  private let limits: ServerLimits
  private let headers: AnswerHeaders
  private let connection: ClientConnection
  private var state = State.open
  private var requests: CircularBuffer<Exchange> = []
  private var clock: RequestClock
  private var answers: AnswerClock
  /// Of the answer that is being written.
  private var isAnswering = false
  private var isLast = false
  /// Whether the next bytes are waited for; not while those that came have not been taken.
  private var isReading = true
  private var lastTick: NIODeadline
  private var tick: Scheduled<Void>?
  private(set) lazy var bytes = ByteWatch { [weak self] in self?.clock.bytes(at: .now()) }

  init(_ limits: ServerLimits, headers: AnswerHeaders, connection: ClientConnection) {
    let now = NIODeadline.now()
    self.limits = limits
    self.headers = headers
    self.connection = connection
    clock = RequestClock(limits, now: now)
    answers = AnswerClock(limits, now: now)
    lastTick = now
  }

  func handlerAdded(context: ChannelHandlerContext) { scheduleTick(context) }

  func handlerRemoved(context: ChannelHandlerContext) { tick?.cancel() }

  func channelInactive(context: ChannelHandlerContext) {
    tick?.cancel()
    context.fireChannelInactive()
  }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}

// MARK: What comes in

extension ConnectionGuard {
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .open = state else { return }
    switch unwrapInboundIn(data) {
    case .head(let head): take(head, context)
    case .body(let buffer): take(buffer, context, data)
    case .end:
      clock.end()
      connection.bodyIsWhole()
      if !requests.isEmpty { requests[requests.index(before: requests.endIndex)].isRead = true }
      context.fireChannelRead(data)
      // What a client sent ahead and is not answered, it may send again (RFC 9112, section 9.3.2).
      if requests.count >= limits.pipelined { state = .ending(with: nil, by: nil) }
    }
  }

  private func take(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    switch RequestRules.rule(on: head) {
    case .serve(let served):
      clock.head(at: .now())
      requests.append(Exchange(head))
      connection.becomeBusy(
        clientWaits: head.headers.first(name: "Expect")?.lowercased() == "100-continue",
        hasKey: head.headers.contains(name: "Authorization"), at: .now())
      context.fireChannelRead(wrapInboundOut(.head(served)))
    case .options: refuse(.options, context)
    case .refuse(let problem): refuse(EdgeAnswer(problem, isToHead: head.method == .HEAD), context)
    }
  }

  private func take(_ buffer: ByteBuffer, _ context: ChannelHandlerContext, _ data: NIOAny) {
    clock.body(buffer.readableBytes)
    guard reserve(buffer.readableBytes) else {
      fail(.tooManyBodies, context)
      return
    }
    context.fireChannelRead(data)
  }

  /// Whether there is room for these bytes of the last request's body.
  private func reserve(_ count: Int) -> Bool {
    guard !requests.isEmpty else { return true }
    let last = requests.index(before: requests.endIndex)
    requests[last].bytes += count
    // Of the oldest request alone: of each one sent ahead, it would add up to what nobody counts.
    let free = requests.count == 1 ? limits.freeBodyBytes : 0
    let more = requests[last].bytes - free - requests[last].taken
    guard more > 0 else { return true }
    guard connection.bodies.take(more, hasKey: requests[last].hasKey) else { return false }
    requests[last].taken += more
    return true
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard case .open = state else { return }
    let parsing = (error as? HTTPParserError).map { Problem($0, limits: limits) }
    if clock.isInBody {
      fail(parsing ?? .malformedRequest("a broken connection"), context)
    } else if let parsing {
      refuse(EdgeAnswer(parsing), context)
    } else {
      context.fireErrorCaught(error)
    }
  }

  func read(context: ChannelHandlerContext) {
    isReading = true
    context.read()
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    context.fireChannelReadComplete()
    // Whoever took the parts may have had enough of them, and would never read on.
    if case .lingering = state { context.read() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .lingering = state, case .inputClosed? = event as? ChannelEvent {
      context.close(promise: nil)
      return
    }
    context.fireUserInboundEventTriggered(event)
  }
}

// MARK: What goes out

extension ConnectionGuard {
  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .lingering = state {
      promise?.fail(ChannelError.outputClosed)
      return
    }
    switch unwrapOutboundIn(data) {
    case .head(let head): begin(head, context, promise)
    case .body where requests.first?.method == .HEAD: promise?.succeed()
    case .body: context.write(data, promise: promise)
    case .end: end(data, context, promise)
    }
  }

  private func begin(_ head: HTTPResponseHead, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
    var head = head
    guard head.status.code >= 200 else { return context.write(wrapOutboundOut(.head(head)), promise: promise) }
    isAnswering = true
    headers.add(to: &head.headers)
    isLast = requests.first?.complete(&head, isLast: isEnding && requests.count == 1) ?? true
    context.write(wrapOutboundOut(.head(head)), promise: promise)
  }

  /// Whether the connection ends when all that has come is answered by others.
  private var isEnding: Bool { if case .ending(with: nil, _) = state { true } else { false } }

  private func end(_ data: NIOAny, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
    isAnswering = false
    if let request = requests.popFirst() { connection.bodies.answered(request.taken, hasKey: request.hasKey) }
    guard !isLast else { return writeLast(data, context, promise) }
    context.write(data, promise: promise)
    guard requests.isEmpty else { return }
    let now = NIODeadline.now()
    clock.quiet(at: now)
    if case .ending(let answer, _) = state { return finish(with: answer, context) }
    connection.becomeIdle(now)
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
    guard event is ClientConnection.BodyWanted else {
      return context.triggerUserOutboundEvent(event, promise: promise)
    }
    promise?.succeed()
    guard case .open = state, !isAnswering, requests.count == 1, requests.first?.isRead == false else { return }
    context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
  }
}

// MARK: The end

extension ConnectionGuard {
  /// Answers here, after the answers to all requests before.
  private func refuse(_ answer: EdgeAnswer, _ context: ChannelHandlerContext) {
    state = .ending(with: answer, by: nil)
    if requests.isEmpty { finish(with: answer, context) }
  }

  /// Has whoever reads the body answer, soon. Where the answer has begun, nothing can be said any more.
  private func fail(_ problem: Problem, _ context: ChannelHandlerContext) {
    guard !(isAnswering && requests.count == 1) else { return drop(context) }
    state = .ending(with: nil, by: .now() + limits.lastAnswer)
    context.fireErrorCaught(problem)
  }

  private func finish(with answer: EdgeAnswer?, _ context: ChannelHandlerContext) {
    guard let answer else { return context.close(promise: nil) }
    var head = answer.head
    headers.add(to: &head.headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if let body = answer.body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
    writeLast(wrapOutboundOut(.end(nil)), context, nil)
  }

  /// Says that nothing follows, once the client has taken what there is, and gives it a moment to hear that.
  private func writeLast(_ data: NIOAny, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
    state = .lingering(until: nil)
    let taken = context.eventLoop.makePromise(of: Void.self)
    taken.futureResult.cascade(to: promise)
    taken.futureResult.assumeIsolated().whenComplete { [self] _ in
      state = .lingering(until: .now() + limits.linger)
      context.close(mode: .output, promise: nil)
    }
    context.writeAndFlush(data, promise: taken)
    // It may be that nobody reads on who has not taken the parts that came.
    context.read()
  }

  /// Without a word, and without the kernel keeping for it what the client does not take.
  private func drop(_ context: ChannelHandlerContext) {
    (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
      .whenComplete { [channel = context.channel] _ in channel.close(promise: nil) }
  }
}

// MARK: The clock

extension ConnectionGuard {
  private func scheduleTick(_ context: ChannelHandlerContext) {
    tick = context.eventLoop.assumeIsolated().scheduleTask(in: limits.tick) { [weak self] in
      self?.look(context, at: .now())
    }
  }

  private func look(_ context: ChannelHandlerContext, at now: NIODeadline) {
    // Not yet: that it is no more, nobody waits for (`channelInactive`).
    guard context.channel.isActive else { return scheduleTick(context) }
    if !isReading { clock.excuse(now - lastTick) }
    lastTick = now
    let waiting = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    if answers.isStalled(at: now, written: bytes.written, waiting: Int64(waiting)) { return drop(context) }
    switch state {
    case .open: judge(context, at: now)
    case .ending(_, let end): if let end, now >= end { return drop(context) }
    case .lingering(let end): if let end, now >= end { return context.close(promise: nil) }
    }
    scheduleTick(context)
  }

  private func judge(_ context: ChannelHandlerContext, at now: NIODeadline) {
    switch clock.verdict(at: now, isAnswering: !requests.isEmpty) {
    case nil: break
    case .idle: context.close(promise: nil)
    case .headLate:
      refuse(EdgeAnswer(.tooSlow("the request's head did not come within \(limits.head.seconds) s")), context)
    case .requestLate: fail(.tooSlow("the request did not come within \(limits.request.seconds) s"), context)
    case .bodySlow:
      fail(.tooSlow("the body came at less than \(limits.bodyBytesPerSecond) bytes a second"), context)
    }
  }
}

extension TimeAmount {
  fileprivate var seconds: Int64 { nanoseconds / 1_000_000_000 }
}

extension Problem {
  fileprivate static func tooSlow(_ what: String) -> Problem {
    Problem(.requestTimeout, "\(what): nothing of it was kept, send it again")
  }
}
