import CCurl
import Foundation

/// One mail on its way to a server: sets libcurl up, lets it talk, and judges how it went. Blocks.
struct SMTPDelivery {
  private let mail: Mail
  private let server: SMTPServer

  init(of mail: Mail, to server: SMTPServer) {
    self.mail = mail
    self.server = server
  }

  /// Name, TCP, TLS, greeting and log-in.
  private static let connectDeadline = 20
  /// One answer of the server's. Those that scan mail before they accept it take seconds.
  private static let replyDeadline = 40
  /// All of it: less than a sender's lease.
  static let deadline = 60

  /// Once in the process, before anything else.
  private static let isReady = recount_curl_start() == CURLE_OK

  func run() -> Result<Void, MailFailure> {
    guard Self.isReady, let handle = curl_easy_init() else {
      return .failure(MailFailure(isPermanent: false, reason: "libcurl could not be started"))
    }
    defer { curl_easy_cleanup(handle) }
    let conversation = SMTPConversation(sending: mail.rendered(), needsUTF8: !mail.to.isASCII)
    let context = Unmanaged.passUnretained(conversation).toOpaque()
    let recipients = curl_slist_append(nil, "<\(mail.to.address)>")
    defer { curl_slist_free_all(recipients) }
    let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    defer { message.deallocate() }

    var outcomes = texts.map { recount_curl_set_text(handle, $0, $1) }
    outcomes += numbers.map { recount_curl_set_number(handle, $0, $1) }
    outcomes += [
      recount_curl_set_list(handle, CURLOPT_MAIL_RCPT, recipients),
      recount_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, message),
      recount_curl_set_pointer(handle, CURLOPT_READDATA, context),
      recount_curl_set_pointer(handle, CURLOPT_HEADERDATA, context),
      recount_curl_set_read(handle) { buffer, size, count, context in
        guard let buffer, let context else { return Int(CURL_READFUNC_ABORT) }
        return Unmanaged<SMTPConversation>.fromOpaque(context).takeUnretainedValue()
          .give(into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
      },
      recount_curl_set_header(handle) { line, size, count, context in
        guard let line, let context else { return 0 }
        let bytes = UnsafeRawBufferPointer(start: line, count: size * count)
        Unmanaged<SMTPConversation>.fromOpaque(context).takeUnretainedValue().hear(
          String(decoding: bytes, as: UTF8.self))
        return size * count
      },
    ]
    // A setting that libcurl doesn't know must not be passed over: it may be the one that keeps a password safe.
    if let refused = outcomes.first(where: { $0 != CURLE_OK }) {
      return .failure(MailFailure(isPermanent: false, reason: "libcurl is too old: \(Self.text(of: refused))"))
    }

    let code = withExtendedLifetime(conversation) { curl_easy_perform(handle) }
    guard code != CURLE_OK else { return .success(()) }
    var reply = 0
    _ = recount_curl_response_code(handle, &reply)
    let said = String(cString: message)
    return .failure(judge(code, reply: reply, said.isEmpty ? Self.text(of: code) : said, conversation))
  }

  private var texts: [(CURLoption, String)] {
    let isIPv6 = server.host.contains(":")
    let host = isIPv6 ? "[\(server.host)]" : server.host
    var texts = [
      (CURLOPT_URL, "\(server.security == .implicit ? "smtps" : "smtp")://\(host):\(server.port)/"),
      (CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
      (CURLOPT_MAIL_FROM, "<\(mail.from.address)>"),
      // The environment's proxies are for the web.
      (CURLOPT_PROXY, ""),
    ]
    if let user = server.user, let password = server.password {
      texts += [(CURLOPT_USERNAME, user), (CURLOPT_PASSWORD, password)]
    }
    if let certificates = server.certificates { texts.append((CURLOPT_CAINFO, certificates.path)) }
    return texts
  }

  private var numbers: [(CURLoption, Int)] {
    [
      // Off whatever the environment says: what libcurl tells then has the password in it.
      (CURLOPT_VERBOSE, 0),
      // Signals of the whole process are not for one of its threads to play with.
      (CURLOPT_NOSIGNAL, 1),
      (CURLOPT_UPLOAD, 1),
      (CURLOPT_USE_SSL, Int((server.security == .startTLS ? CURLUSESSL_ALL : CURLUSESSL_NONE).rawValue)),
      (CURLOPT_SSL_VERIFYPEER, 1),
      (CURLOPT_SSL_VERIFYHOST, 2),
      (CURLOPT_FRESH_CONNECT, 1),
      (CURLOPT_FORBID_REUSE, 1),
      (CURLOPT_CONNECTTIMEOUT, Self.connectDeadline),
      (CURLOPT_SERVER_RESPONSE_TIMEOUT, Self.replyDeadline),
      (CURLOPT_TIMEOUT, Self.deadline),
    ]
  }

  /// A refusal is for good when the server has said so about this mail: 5xx to its sender, its recipient or its text. Everything else,
  /// a wrong password and a certificate that nobody trusts included, is about the way there, which somebody can mend.
  private func judge(_ code: CURLcode, reply: Int, _ said: String, _ conversation: SMTPConversation) -> MailFailure {
    let isAboutTheMail = conversation.hasBegun || code == CURLE_SEND_ERROR
    let isAboutUs = [530, 534, 535, 538].contains(reply)  // RFC 4954: log in, log in otherwise, use TLS
    if conversation.isUnreadable, isAboutTheMail || code == CURLE_ABORTED_BY_CALLBACK {
      return MailFailure(
        isPermanent: true,
        reason: "the address is not ASCII before its @, and the mail server does not take such (SMTPUTF8, RFC 6531)")
    }
    let isRefusal = (400..<600).contains(reply)
    return MailFailure(
      isPermanent: isAboutTheMail && reply >= 500 && !isAboutUs,
      reason: isRefusal ? "\(said); the server said: \(conversation.lastRefusal)" : said)
  }

  private static func text(of code: CURLcode) -> String { String(cString: curl_easy_strerror(code)) }
}
