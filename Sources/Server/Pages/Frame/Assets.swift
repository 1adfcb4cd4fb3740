import Crypto
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Style, scripts and icon, each at a path that names its content: it is kept for ever, and another content has another path.
struct Assets: Sendable {
  private var files: [String: File]

  /// Those that come with the program, or why they can't be read.
  static let ofProgram = Result { try Assets() }

  fileprivate struct File: Sendable {
    let path: String
    let type: String
    let plain: ByteBuffer
    let compressed: ByteBuffer?
  }

  private static let types = [
    "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
  ]

  /// Reads and compresses those that come with the program.
  init() throws {
    guard let folder = Bundle.module.url(forResource: "Assets", withExtension: nil) else {
      throw CocoaError(.fileNoSuchFile)
    }
    files = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where !PageScript.isPart(name) {
      try add(name, of: folder)
    }
    let script = try PageScript(folder: folder)
    files[PageScript.name] = File(script.bytes, name: PageScript.name, type: Self.types["js"] ?? "")
  }

  private mutating func add(_ name: String, of folder: URL) throws {
    guard let type = Self.types[String(name.split(separator: ".").last ?? "")] else { return }
    files[name] = File(Array(try Data(contentsOf: folder.appending(path: name))), name: name, type: type)
  }

  /// The same with uPlot, where both of its files are in a folder: what tools/run fetches. Without it charts are SVG.
  func withPlots(of folder: URL?) -> Assets {
    guard let folder else { return self }
    var all = self
    do { for name in [Self.plotScript, Self.plotStyle] { try all.add(name, of: folder) } } catch { return self }
    return all
  }

  static let plotScript = "uplot.js"
  static let plotStyle = "uplot.css"

  /// Of all of them.
  var paths: String { files.values.map(\.path).sorted().joined(separator: " ") }

  /// Where an asset is; nil where it isn't there.
  func path(_ name: String) -> String? { files[name]?.path }

  func add(to router: Router<RecountContext>) {
    router.get("/assets/{hash}/{name}") { request, context in
      let (hash, name) = (context.parameters.get("hash") ?? "", context.parameters.get("name") ?? "")
      guard let file = files[name], file.path == "/assets/\(hash)/\(name)" else {
        throw Problem(.notFound, "there is no such file here: open the page again, which names those of this release")
      }
      return file.response(to: request)
    }
  }
}

extension Assets.File {
  fileprivate init(_ bytes: [UInt8], name: String, type: String) {
    path = "/assets/\(Hex.text(Array(SHA256.hash(data: bytes).prefix(8))))/\(name)"
    self.type = type
    plain = ByteBuffer(bytes: bytes)
    compressed = Gzip.deflate(bytes, .best).map { ByteBuffer(bytes: $0) }
  }

  fileprivate func response(to request: Request) -> Response {
    var headers: HTTPFields = [
      .contentType: type, .cacheControl: "public, max-age=31536000, immutable", .vary: "Accept-Encoding",
    ]
    guard let compressed, request.takesGzip else {
      return Response(status: .ok, headers: headers, body: .init(byteBuffer: plain))
    }
    headers[.contentEncoding] = "gzip"
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: compressed))
  }
}

extension Request {
  /// Whether the answer may be compressed.
  var takesGzip: Bool {
    (headers[.acceptEncoding] ?? "").split(separator: ",").contains { part in
      let parts = part.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
      return parts.first == "gzip" && !parts.dropFirst().contains { $0 == "q=0" || $0 == "q=0.0" }
    }
  }
}
