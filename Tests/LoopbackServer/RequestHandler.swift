import NIOCore
import NIOHTTP1

/// Collects the requests of one connection and answers them.
final class RequestHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let log: RequestLog
  private let reply: @Sendable (LoopbackServer.Request, Int) -> LoopbackServer.Reply
  private var head: HTTPRequestHead?
  private var body = ""

  init(log: RequestLog, reply: @escaping @Sendable (LoopbackServer.Request, Int) -> LoopbackServer.Reply) {
    self.log = log
    self.reply = reply
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): (self.head, body) = (head, "")
    case .body(let bytes): body += String(buffer: bytes)
    case .end: answer(context)
    }
  }

  private func answer(_ context: ChannelHandlerContext) {
    guard let head else { return }
    let request = LoopbackServer.Request(
      uri: head.uri, authorization: head.headers.first(name: "Authorization"), body: body)
    switch reply(request, log.add(request)) {
    case .hangUp: context.close(promise: nil)
    case .silence: break
    case .answer(let status, let headers, let text):
      var fields = HTTPHeaders(headers.map { ($0.key, $0.value) })
      fields.add(name: "Content-Length", value: "\(text.utf8.count)")
      let response = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: fields)
      context.write(wrapOutboundOut(.head(response)), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
}
